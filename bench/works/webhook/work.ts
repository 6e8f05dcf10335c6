import { timesAsFastAs, type Work } from "../../harness/work.ts";

export const appSecret = "bench-app-secret";

export const samples = {
  capacity: "64 at once",
  steady: "350 a second",
  large: "one POST of 1,000",
} as const;
export const atOnce = 64;
export const posts = 4_000;
export const perSecond = 350;
export const seconds = 6;
export const updatesInOne = 1_000;

export const work: Work = {
  name: "webhook",
  title: "Webhook with durable append",
  about:
    "Signed webhooks of one message each, of 1,000 customers, by another process over HTTP: as fast as 64 connections can, then 350 a second, in an open model with latency from the intended start; then one POST with 1,000 messages of 100 customers.",
  unit: "items",
  rounds: 3,
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "verifies, parses, finds the contact, decides against redelivery and appends to its files; it answers 200 when that is on disk",
    },
    {
      name: "floor",
      title: "verify and parse only",
      does: "the same server with the same signature check and parser, and then 200",
    },
  ],
  goals: [
    timesAsFastAs("floor", 0.25, samples.capacity, "at least 0.25 of verify and parse only"),
    {
      says: "p99 at most 50 ms at 350 items a second",
      measure: { contender: "hilo", sample: samples.steady, figure: "p99" },
      bound: { atMost: 50 },
    },
    {
      says: "one POST of 1,000 updates at most 1 s",
      measure: { contender: "hilo", sample: samples.large, figure: "ms" },
      bound: { atMost: 1_000 },
    },
  ],
};
