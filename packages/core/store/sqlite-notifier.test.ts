import { expect, it } from "vitest";
import { temporarySqlite } from "../testing/temporary.ts";
import { notifierContract, waiting } from "../clients/notifier.contract.ts";
import { wording } from "../clients/notifier.ts";
import { sqliteNotifier } from "./sqlite-notifier.ts";

const clock = () => new Date("2026-11-23T12:00:00.000Z");

notifierContract("an inbox on this machine", async () => {
  const db = temporarySqlite();
  const inbox = sqliteNotifier(db, clock);
  return {
    notifier: inbox,
    told: async () =>
      inbox
        .list(100)
        .toReversed()
        .map((news) => ({ ...news, body: wording(news) })),
    fail: async () => db.close(),
  };
});

it("holds the same news once, and the newest thousand", async () => {
  const inbox = sqliteNotifier(temporarySqlite(), clock);
  await inbox.notify(waiting);
  await inbox.notify(waiting);
  expect(inbox.list(10)).toEqual([{ ...waiting, at: "2026-11-23T12:00:00.000Z" }]);
  for (let index = 0; index < 1_000; index++) await inbox.notify({ ...waiting, dedupeKey: String(index) });
  const kept = inbox.list(2_000).map(({ dedupeKey }) => dedupeKey);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([1_000, "999", "0"]);
});
