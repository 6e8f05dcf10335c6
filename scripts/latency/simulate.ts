/**
 * How long a customer waits, hop by hop, with the pipeline's own constants. The hops' times are estimates, not
 * measurements: each range is taken to hold 80 of 100 calls, spread as a log-normal, as such times are.
 */
import { type CatalogueEntry, expectedMsOf, replyTokensMax } from "#core/clients/bedrock/model-catalogue.ts";
import { hopsToComeMs, patienceLeftMs, targetMs } from "#core/domain/reply-time.ts";
import { usualReplyTokens } from "#functions/models/prompt-size.ts";

/** Of 100 calls, 10 are faster than the first and 10 slower than the last. */
export type Range = readonly [p10: number, p90: number];

/** Warm, in milliseconds, each as one would guess it from what is published about the services. */
export const hops = {
  "Meta, edge, webhook function, append": [80, 150],
  "stream, publisher": [125, 300],
  "bus, queue, poller": [80, 200],
  "claim, context, prompt": [15, 30],
  "append to outbound function, by stream, bus and queue": [250, 550],
  "Graph API": [200, 400],
} as const satisfies Record<string, Range>;

/** How many tokens an answer has. The most that a model may write is the catalogue's. */
const answerTokens: Range = [90, 220];
/** A model's first token and its speed vary by so much around what the catalogue says. */
const firstTokenSpread: Range = [0.8, 1.5];
const speedSpread: Range = [0.8, 1.2];

export type Simulated = {
  p50Ms: number;
  p90Ms: number;
  /** Of 1. */
  withinTarget: number;
  /** Of 1: those who are asked for patience. */
  held: number;
};

/** The same seed gives the same figures. `quietMs` is how long the bot waits for the customer to go on. */
export const simulate = (
  model: CatalogueEntry,
  { quietMs, runs, seed }: { quietMs: number; runs: number; seed: number },
): Simulated => {
  const random = randomFrom(seed);
  const draw = ([p10, p90]: Range): number => Math.exp(between(Math.log(p10), Math.log(p90), normal(random)));
  const expectedMs = expectedMsOf(model, usualReplyTokens);
  const waits: number[] = [];
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const received = draw(hops["Meta, edge, webhook function, append"]);
    const delivered = draw(hops["stream, publisher"]) + draw(hops["bus, queue, poller"]);
    // the customer's quiet runs from the append, so the hops to here are part of it
    const asked = Math.max(delivered, quietMs) + draw(hops["claim, context, prompt"]);
    const tokens = Math.min(draw(answerTokens), replyTokensMax);
    const { firstTokenMs, tokensPerSecond } = model.speed;
    const modelMs =
      firstTokenMs * draw(firstTokenSpread) + (tokens / (tokensPerSecond * draw(speedSpread))) * 1_000;
    const epoch = new Date(0).toISOString();
    if (modelMs >= patienceLeftMs(epoch, asked, expectedMs)) held++;
    const sent =
      draw(hops["append to outbound function, by stream, bus and queue"]) + draw(hops["Graph API"]);
    waits.push(received + asked + modelMs + sent);
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor(share * (runs - 1))] ?? 0);
  return {
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    withinTarget: sorted.filter((ms) => ms <= targetMs).length / runs,
    held: held / runs,
  };
};

/** What the pipeline takes for what comes after the model, and what the hops say: they should agree. */
export const afterModelMs = {
  assumed: hopsToComeMs,
  usual: Math.round(
    median(hops["append to outbound function, by stream, bus and queue"]) + median(hops["Graph API"]),
  ),
};

function median([p10, p90]: Range): number {
  return Math.sqrt(p10 * p90);
}

/** The normal's 10th and 90th of 100. */
const p90Normal = 1.2816;
const between = (low: number, high: number, normally: number): number =>
  (low + high) / 2 + (normally * (high - low)) / 2 / p90Normal;

/** Box and Muller. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Mulberry32. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
