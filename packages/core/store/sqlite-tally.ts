import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./sqlite.ts";
import type { Tally } from "./tally.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS tallies (
    key TEXT PRIMARY KEY,
    amount INTEGER NOT NULL,
    forget_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Sums in a database that all processes open. What is over is forgotten when something new is added. */
export const sqliteTally = (db: DatabaseSync, nowMs: () => number): Tally => {
  transaction(db, () => db.exec(schema));
  const add = db.prepare(
    `INSERT INTO tallies (key, amount, forget_at_ms) VALUES (:key, :amount, :forgetAtMs)
     ON CONFLICT DO UPDATE SET amount = amount + excluded.amount, forget_at_ms = excluded.forget_at_ms`,
  );
  const read = db.prepare("SELECT amount FROM tallies WHERE key = ? AND forget_at_ms > ?");
  const forget = db.prepare("DELETE FROM tallies WHERE forget_at_ms <= ?");

  return {
    async add(key, amount, forgetAtMs) {
      transaction(db, () => {
        forget.run(nowMs());
        add.run({ key, amount, forgetAtMs });
      });
    },
    async read(key) {
      return Number(read.get(key, nowMs())?.["amount"] ?? 0);
    },
  };
};
