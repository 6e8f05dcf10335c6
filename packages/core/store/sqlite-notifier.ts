import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./sqlite.ts";
import type { Notification, Notifier } from "../clients/notifier.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS notifications (
    dedupe_key TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    conversation TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT
  ) STRICT;
`;

/** Older ones are forgotten. */
const keptMax = 1_000;

export type Inbox = Notifier & {
  /** Newest first. */
  list(limit: number): (Notification & { at: string })[];
};

/** An inbox on this machine: `hilo notifications`. The same news stands in it once. */
export const sqliteNotifier = (db: DatabaseSync, clock: () => Date): Inbox => {
  transaction(db, () => db.exec(schema));
  const add = db.prepare("INSERT INTO notifications VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const forget = db.prepare(
    "DELETE FROM notifications WHERE rowid <= (SELECT max(rowid) FROM notifications) - ?",
  );
  const newest = db.prepare("SELECT * FROM notifications ORDER BY rowid DESC LIMIT ?");
  return {
    channel: "inbox",
    async notify({ dedupeKey, conversationId, subject, text, link }) {
      transaction(db, () => {
        add.run(dedupeKey, clock().toISOString(), conversationId, subject, text, link ?? null);
        forget.run(keptMax);
      });
    },
    list: (limit) =>
      newest.all(limit).map(({ dedupe_key, at, conversation, subject, text, link }) => ({
        dedupeKey: String(dedupe_key),
        at: String(at),
        conversationId: String(conversation),
        subject: String(subject),
        text: String(text),
        ...(typeof link === "string" && { link }),
      })),
  };
};
