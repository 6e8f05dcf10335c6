import type { Goal, Work } from "../../harness/work.ts";
import { timesAsFastAs } from "../../harness/work.ts";

export const sizes = [10, 100, 1_000, 10_000] as const;
export const sampleOf = (size: number): string => `${size.toLocaleString("en")} events`;
const largest = sampleOf(10_000);

const withinTheFloor = (size: number): Goal => ({
  says: `${sampleOf(size)}: at most 1.5 times the time of one immer draft`,
  measure: { contender: "hilo", sample: sampleOf(size), figure: "usPerItem" },
  against: { contender: "floor", sample: sampleOf(size), figure: "usPerItem" },
  bound: { atMost: 1.5 },
});

export const work: Work = {
  name: "fold",
  title: "Fold events into a conversation's state",
  about:
    "Events that are already in memory, from the first to the last, into the state that decisions are made on.",
  unit: "events",
  rounds: 3,
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "folds in one draft, and forgets ids of more than 30 days ago and all but the newest settled sends",
    },
    {
      name: "floor",
      title: "one immer draft",
      does: "writes down the same facts in one draft, and forgets nothing",
    },
    {
      name: "castore",
      title: "Castore",
      does: "builds the aggregate with a reducer that copies what it changes",
    },
    { name: "emmett", title: "Emmett", does: "reduces with an `evolve` that copies what it changes" },
  ],
  goals: [
    {
      says: "linear: an event costs at most 1.5 times as much among 10,000 as among 1,000",
      measure: { contender: "hilo", sample: largest, figure: "usPerItem" },
      against: { contender: "hilo", sample: sampleOf(1_000), figure: "usPerItem" },
      bound: { atMost: 1.5 },
    },
    timesAsFastAs("castore", 50, largest, "10,000 events: at least 50 times as fast as Castore"),
    timesAsFastAs("emmett", 50, largest, "10,000 events: at least 50 times as fast as Emmett"),
    ...sizes.map(withinTheFloor),
  ],
};
