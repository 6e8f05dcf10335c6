import { timesAsFastAs, type Work } from "../../harness/work.ts";

export const sample = "50 writers";
export const writers = 50;
export const decisionsEach = 2;

export const work: Work = {
  name: "contention",
  title: "50 writers on one conversation",
  about:
    "50 writers in one process, one conversation, one DynamoDB-compatible server: each reads it, decides on what it reads, and appends one event; twice. Whoever is outrun begins again.",
  unit: "events",
  contenders: [
    { name: "hilo", title: "Hilo", does: "handles the 100 commands with `handle`, its one write path" },
    {
      name: "castore",
      title: "Castore",
      does: "gets the aggregate and pushes the event, until nobody was quicker",
    },
    {
      name: "ocoda",
      title: "ocoda",
      does: "reads the events and appends, once: it has no way to notice another writer",
    },
  ],
  goals: [timesAsFastAs("castore", 20, sample, "at least 20 times as fast as Castore; no loss, no gap")],
};
