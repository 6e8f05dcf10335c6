import { rebuild as rebuildView, type Rebuilt } from "#core/store/rebuild.ts";
import { views } from "#core/views/all.ts";
import type { View } from "#core/views/view.ts";
import type { Stores } from "#local/stores.ts";
import { count } from "../count.ts";
import { command, settings } from "../command.ts";
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { withStores } from "../open-data.ts";
import type { Output } from "../output.ts";
import { progressBar } from "../progress.ts";

const names = views.map(({ name }) => name);

export const rebuild = command({
  name: "rebuild",
  about: `Builds a view anew from the events, proves it complete, and swaps it in; safe while Hilo runs.\nViews: ${names.join(", ")}.`,
  positionals: ["[view]"],
  options: { all: { type: "boolean", about: "every view" } },
  examples: [
    ["transcript", "one view"],
    ["--all", "all of them"],
  ],
  async run({ values, positionals: [name], out }) {
    const chosen = choose(name, values.all ?? false);
    return withStores(settings(values), async (stores) => {
      for (const view of chosen) await rebuildOne(stores, view, out);
      return 0;
    });
  },
});

const choose = (name: string | undefined, all: boolean): readonly View<unknown>[] => {
  if (all && name === undefined) return views;
  if (all || name === undefined) throw new UsageError("name one view, or all of them with --all");
  const view = views.find((candidate) => candidate.name === name);
  if (view) return [view];
  const meant = nearest(name, names);
  throw new UsageError(
    `there is no view "${name}"; ${meant ? `did you mean ${meant}?` : `there are ${names.join(", ")}`}`,
  );
};

const rebuildOne = async (
  { store, views: viewStore }: Stores,
  view: View<unknown>,
  out: Output,
): Promise<void> => {
  const bar = progressBar(`Rebuilding ${view.name}`);
  const startedAt = performance.now();
  const rebuilt = await rebuildView({ store, views: viewStore }, view, bar.progress).finally(bar.end);
  const durationMs = Math.round(performance.now() - startedAt);
  out.value({ ...rebuilt, durationMs });
  out.text(said(rebuilt, durationMs));
};

const said = ({ view, generation, streams }: Rebuilt, durationMs: number): string =>
  `Rebuilt ${view} from ${count(streams, "conversation")} in ${(durationMs / 1000).toFixed(1)} s; each stands at its head. ${generation} is in use.`;
