/** A conversation of 2,000 messages: what an answer is made from stays small, and so does the work to make it. */
import { expect, it } from "vitest";
import { memoryCache } from "#core/clients/memory-cache.ts";
import { offlineSummariser } from "#core/clients/offline-summariser.ts";
import type { EventStore } from "#core/store/event-store.ts";
import { getContext } from "#core/store/get-context.ts";
import { contextTokens, withinBudget } from "#core/store/within-budget.ts";
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

const tokenBudget = 600;
const hour = 3_600_000;

/** Counts what is read of the log. */
const counting = (store: EventStore) => {
  const counted = { events: 0 };
  const counter = (events: readonly unknown[]) => void (counted.events += events.length);
  const watched: EventStore = {
    ...store,
    log: { ...store.log, read: (...wanted) => tapped(store.log.read(...wanted), counter) },
    read: (...wanted) => tapped(store.read(...wanted), counter),
  };
  return { counted, watched };
};

async function* tapped<Page>(pages: AsyncIterable<Page>, tap: (page: Page) => void): AsyncIterable<Page> {
  for await (const page of pages) {
    tap(page);
    yield page;
  }
}

it.each([
  [2_000, "without a cache", false],
  [800, "with one", true],
])(
  "%d messages keep within their budget, and the last is as little work as the first, %s",
  { timeout: 300_000 },
  async (messages, name, isCached) => {
    const w = world();
    const { counted, watched } = counting(w.deps.store);
    const deps = { ...w.deps, ...(isCached && { cache: memoryCache({ clock: w.deps.clock }) }) };
    const watchedDeps = { ...deps, store: watched };
    const summarise = summariseContext({ ...watchedDeps, summariser: offlineSummariser() });
    const work = async (make: () => Promise<unknown>): Promise<number> => {
      counted.events = 0;
      await make();
      return counted.events;
    };

    await deps.record(stream, started());
    const builds: number[] = [];
    const summaries: number[] = [];
    const tokens: number[] = [];
    const turns: number[] = [];
    for (let n = 0; n < messages / 2; n++) {
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
          const whole = await getContext(watchedDeps, stream, asked);
          const shown = withinBudget(whole, tokenBudget);
          turns.push(whole.turns.length);
          tokens.push(contextTokens(shown));
          expect(shown.turns.at(-1)?.version).toBe(asked);
        }),
      );
      await deps.record(stream, replyGenerated(`r${n}`, [asked]), sendRequested(`s${n}`));
      summaries.push(
        await work(async () => expect(await w.deliver(summarise, stream, asked + 2)).toBe(true)),
      );
      const delivered = status(`out-s${n}`, "delivered", { sendId: `s${n}` });
      await deps.record(stream, sendStarted(`s${n}`), sent(`s${n}`), delivered);
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
      `${messages} messages ${name}: at most ${Math.max(...tokens)} tokens shown, ` +
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
