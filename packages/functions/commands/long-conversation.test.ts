/** A conversation of 2,000 messages: what an answer is made from stays small, and so does the work to make it. */
import { expect, it } from "vitest";
import { memoryCache } from "#core/clients/memory-cache.ts";
import { offlineSummariser } from "#core/clients/offline-summariser.ts";
import type { CommitLog } from "#core/store/commit-log.ts";
import { getContext } from "#core/store/get-context.ts";
import { contextTokens } from "#core/store/within-budget.ts";
import { project } from "#core/store/project.ts";
import { after, stream } from "#core/testing/given.ts";
import {
  received,
  replyGenerated,
  replyStarted,
  sendRequested,
  sendStarted,
  sent,
  started,
  status,
} from "#core/testing/samples.ts";
import { world } from "#functions/testing/world.ts";
import { context, turnsMax } from "#core/views/context.ts";
import { turnsKept, turnsPerSummary } from "#core/domain/summarise.ts";
import { summariseContext } from "./summarise-context.ts";

const exchanges = 1_000;
const tokenBudget = 600;
const hour = 3_600_000;

/** Counts the commits that are read from it. */
const counting = (log: CommitLog) => {
  const counted = { commits: 0 };
  const watched: CommitLog = {
    ...log,
    async *read(...wanted) {
      for await (const commits of log.read(...wanted)) {
        counted.commits += commits.length;
        yield commits;
      }
    },
  };
  return { counted, watched };
};

it.each([
  ["without a cache", false],
  ["with one", true],
])(
  "2,000 messages keep within their budget, and the last is as little work as the first, %s",
  async (_, isCached) => {
    const w = world();
    const { counted, watched } = counting(w.deps.store.log);
    const deps = { ...w.deps, ...(isCached && { cache: memoryCache({ clock: w.deps.clock }) }) };
    const watchedDeps = { ...deps, store: { ...deps.store, log: watched } };
    // the store reads by its own log
    const read = deps.store.read;
    watchedDeps.store.read = async function* (...wanted) {
      for await (const events of read(...wanted)) {
        counted.commits += events.length;
        yield events;
      }
    };
    const summarise = summariseContext({ ...watchedDeps, summariser: offlineSummariser() });
    const work = async (make: () => Promise<unknown>): Promise<number> => {
      counted.commits = 0;
      await make();
      return counted.commits;
    };

    await deps.record(stream, started());
    const builds: number[] = [];
    const summaries: number[] = [];
    const tokens: number[] = [];
    const turns: number[] = [];
    for (let n = 0; n < exchanges; n++) {
      const head = await deps.store.log.head(stream);
      const asked = head + 1;
      await deps.record(
        stream,
        received(`m${n}`, {
          // a new session every tenth message
          sentAt: after(n * hour + Math.floor(n / 10) * 24 * hour),
          content: { type: "text", text: textOf(n) },
        }),
      );
      await deps.record(stream, replyStarted(`r${n}`, asked, after(0)));
      builds.push(
        await work(async () => {
          const shown = await getContext(watchedDeps, stream, asked, tokenBudget);
          tokens.push(contextTokens(shown));
          expect(shown.turns.at(-1)?.version).toBe(asked);
        }),
      );
      turns.push((await getContext(deps, stream, asked)).turns.length);
      await deps.record(stream, replyGenerated(`r${n}`, [asked]), sendRequested(`s${n}`));
      summaries.push(
        await work(async () => expect(await w.deliver(summarise, stream, asked + 2)).toBe(true)),
      );
      await deps.record(stream, sendStarted(`s${n}`));
      await deps.record(stream, sent(`s${n}`));
      await deps.record(stream, status(`out-s${n}`, "delivered", { sendId: `s${n}` }));
      // the projection is behind at times
      if (n % 3 === 0) await project(deps, context, stream);
    }

    expect(Math.max(...tokens)).toBeLessThanOrEqual(tokenBudget);
    expect(Math.max(...turns), "no turn is forgotten before it is summarised").toBeLessThan(turnsMax);
    expect(Math.max(...turns)).toBeGreaterThan(turnsKept);
    for (const counts of [builds, summaries]) {
      const [early, late] = [counts.slice(100, 300), counts.slice(-200)];
      expect(Math.max(...late)).toBeLessThanOrEqual(Math.max(...early));
      expect(sum(late)).toBeLessThanOrEqual(sum(early) * 1.05);
    }
    process.stdout.write(
      `2,000 messages, ${isCached ? "cached" : "not cached"}: at most ${Math.max(...tokens)} tokens shown, ` +
        `${Math.max(...builds)} events read for an answer, ${Math.max(...summaries)} for a summary\n`,
    );
    const { summary, facts } = await getContext(deps, stream);
    expect(summary?.upTo).toBeGreaterThan(
      (await deps.store.log.head(stream)) - 8 * (turnsPerSummary + turnsKept),
    );
    expect(facts).toContainEqual({ name: "name", value: "Lucía" });
  },
);

const textOf = (n: number): string => {
  if (n === 3) return "Me llamo Lucía y soy celíaca.";
  return `¿Me podéis decir si el pedido número ${n} de ${["pan", "leche", "vino", "queso"][n % 4]} llega el lunes?`;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
