import { timesAsFastAs, type Work } from "../../harness/work.ts";

export const clients = 16;
export const samples = { many: "16 clients", one: "1 client" } as const;
export const appends = { many: 200, one: 800 } as const;
/** Emmett needs thousands of times as long to get so far. */
export const appendsOfEmmett = { many: 8, one: 100 } as const;
export const warmUps = 20;

export const work: Work = {
  name: "append-sqlite",
  title: "Append single events, SQLite file",
  about:
    "One event a commit, to conversations of their own, into a file; each is on disk when it returns (WAL with `synchronous=FULL` for everybody). By 16 clients at once, and by one who waits for each.",
  unit: "events",
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "validates, encrypts, appends at an expected version; those who append at the same moment share a transaction",
    },
    {
      name: "floor",
      title: "bare SQLite",
      does: "one INSERT of the event as JSON with a unique (stream, version), nothing else",
    },
    {
      name: "emmett",
      title: "Emmett",
      does: "appends at an expected version, one after the other: the connections that it opens lock each other out",
    },
  ],
  goals: [
    timesAsFastAs("emmett", 10, samples.many, "16 clients: at least 10 times as fast as Emmett"),
    timesAsFastAs("emmett", 10, samples.one, "1 client: at least 10 times as fast as Emmett"),
    timesAsFastAs("floor", 0.7, samples.many, "16 clients: at least 0.7 of bare SQLite"),
    timesAsFastAs("floor", 0.7, samples.one, "1 client: at least 0.7 of bare SQLite"),
  ],
};
