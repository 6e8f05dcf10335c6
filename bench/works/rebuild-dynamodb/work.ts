import { timesAsFastAs, type Work } from "../../harness/work.ts";

export const conversations = 200;
export const eventsEach = 100;
export const sample = "20,000 events";
export const table = (contender: string): string => `rebuild-${contender}`;

export const work: Work = {
  name: "rebuild-dynamodb",
  title: "Rebuild a view, DynamoDB",
  about:
    "200 conversations of 100 events on one DynamoDB-compatible server become the list of conversations anew, a row for each with what was said last.",
  unit: "events",
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "scans the log in four segments and where its streams stand once more (by the SDK's client without its step for logs, ADR 81, as in all works with this server), validates, decrypts what the view reads, folds, and writes the encrypted rows to the server, proved against every stream's head",
    },
    {
      name: "floor",
      title: "bare parallel scan",
      does: "scans the same table in four segments by the SDK's client as it comes, and drops what it reads",
    },
    {
      name: "castore",
      title: "Castore",
      does: "lists the aggregates' ids and gets 16 aggregates at a time, with the view's fold as reducer; its rows stay in memory",
    },
  ],
  goals: [
    timesAsFastAs("castore", 5, sample, "at least 5 times as fast as Castore"),
    timesAsFastAs("floor", 0.7, sample, "at least 0.7 of a bare parallel scan"),
  ],
};
