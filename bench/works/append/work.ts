import { timesAsFastAs, type Work } from "../../harness/work.ts";

export const sample = "16 clients";

export const work: Work = {
  name: "append",
  title: "Append decisions of 5 events, DynamoDB",
  about:
    "16 clients at once, each to a conversation of its own, one decision after the other on one DynamoDB-compatible server; each decision only if the conversation stands where its writer thinks.",
  unit: "events",
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "validates, encrypts personal data, compresses; one conditional put for the five by the SDK's client without its step for logs (ADR 81)",
    },
    {
      name: "floor",
      title: "bare SDK put",
      does: "one conditional put of the five as JSON by the SDK's client as it comes, nothing else",
    },
    {
      name: "castore",
      title: "Castore",
      does: "an event group, which is one transaction of five puts; on a server without transactions one conditional put per event",
    },
    {
      name: "ocoda",
      title: "ocoda",
      does: "one BatchWriteItem of five puts: no condition, so nothing refuses a second writer",
    },
  ],
  goals: [
    timesAsFastAs("castore", 3, sample, "at least 3 times as fast as Castore"),
    timesAsFastAs("floor", 0.9, sample, "at least 0.9 of a bare SDK put"),
  ],
};
