import { timesAsFastAs, type Work } from "../../harness/work.ts";

export const conversations = 400;
export const eventsEach = 100;
export const sample = "40,000 events";

export const work: Work = {
  name: "rebuild-sqlite",
  title: "Rebuild a view, SQLite",
  about:
    "400 conversations of 100 events in a file become the list of conversations anew, a row for each with what was said last, in another file.",
  unit: "events",
  contenders: [
    {
      name: "hilo",
      title: "Hilo",
      does: "validates every event, decrypts what the view reads, folds, encrypts each row, and proves every row against its stream's head before it takes them into use",
    },
    {
      name: "floor",
      title: "rows read and folded",
      does: "reads one event a row as plain JSON, folds it with the same function, and writes the view in one transaction",
    },
    {
      name: "commits",
      title: "commits read and folded",
      does: "the same with rows of five events, as Hilo's log has them: no goal, but the limit that its own layout has",
    },
    {
      name: "emmett",
      title: "Emmett",
      does: "runs a consumer from the beginning, in batches of 1,000 and without a pause, that folds with the same function; the rows are written at its end, in one transaction",
    },
    {
      name: "emmett-batches",
      title: "Emmett, batches read by hand",
      does: "reads the messages as its consumer does, and folds them, but notes no place after each, which is where the consumer's time goes: no goal, as it is not how its documentation builds views",
    },
  ],
  goals: [
    timesAsFastAs("emmett", 3, sample, "at least 3 times as fast as Emmett"),
    timesAsFastAs("floor", 0.6, sample, "at least 0.6 of rows read and folded"),
  ],
};
