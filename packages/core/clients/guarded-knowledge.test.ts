import { expect, it } from "vitest";
import { openSqlite } from "../store/sqlite.ts";
import { sqliteCircuits } from "../store/sqlite-circuits.ts";
import { circuits, failuresMax } from "./circuit-breaker.ts";
import { guardedKnowledge } from "./guarded-knowledge.ts";
import { knowledgeOf } from "./knowledge.ts";
import { KnowledgeFault } from "./model.ts";

it("a knowledge base that is down is left alone after five faults, and asked again later", async () => {
  let nowMs = 0;
  let asked = 0;
  let isDown = true;
  const store = sqliteCircuits(openSqlite(":memory:", { durability: "normal" }));
  const knowledge = {
    ...knowledgeOf([]),
    async search() {
      asked += 1;
      if (isDown) throw new KnowledgeFault("timeout", "later", "no answer");
      return [];
    },
  };
  const guarded = guardedKnowledge(knowledge, circuits({ store, clock: () => new Date(nowMs) }));
  for (let times = 0; times < failuresMax + 3; times++)
    await expect(guarded.search("hours", "en")).rejects.toBeInstanceOf(KnowledgeFault);
  expect(asked).toBe(failuresMax);
  isDown = false;
  nowMs += 10_000;
  expect(await guarded.search("hours", "en")).toEqual([]);
});
