import type { Goal, Work } from "../../harness/work.ts";

export const sizes = [10, 1_000, 100_000] as const;
export const loads = 150;
export const sampleOf = (size: number): string => `${size.toLocaleString("en")} events`;

const timeOf = (size: number): Goal => ({
  says: `${sampleOf(size)}: at most 1.5 times the time of 10`,
  measure: { contender: "hilo", sample: sampleOf(size), figure: "usPerItem" },
  against: { contender: "hilo", sample: sampleOf(10), figure: "usPerItem" },
  bound: { atMost: 1.5 },
});

export const work: Work = {
  name: "load",
  title: "Load a conversation",
  about:
    "Conversations of 10, 1,000 and 100,000 events (about 90 a day) from one DynamoDB-compatible server to the state that decisions are made on; one after the other, in turn.",
  unit: "loads",
  rounds: 3,
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "reads its newest snapshot, and then the commits after it: 30, the mean of 25 and those of the last five events",
    },
    {
      name: "castore",
      title: "Castore",
      does: "gets the aggregate: every event there is (100,000 are left out, as they take minutes)",
    },
  ],
  goals: [
    ...sizes.map((size): Goal => ({
      says: `${sampleOf(size)}: at most 2 requests`,
      measure: { contender: "hilo", sample: sampleOf(size), figure: { value: "requests a load" } },
      bound: { atMost: 2 },
    })),
    timeOf(1_000),
    timeOf(100_000),
  ],
};
