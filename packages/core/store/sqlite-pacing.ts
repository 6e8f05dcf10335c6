import type { DatabaseSync } from "node:sqlite";
import { atRest, dueAfterUs, forgetAfterMs, instantUs, placeUnder, type RateState } from "./gcra.ts";
import type { Pacing } from "./pacing.ts";
import { transaction } from "./sqlite.ts";

/** Instants in µs since the epoch. */
const schema = `
  CREATE TABLE IF NOT EXISTS pacing_rates (
    key TEXT PRIMARY KEY,
    due_us INTEGER NOT NULL DEFAULT 0,
    held_until_us INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS pacing_rates_rest ON pacing_rates (max(due_us, held_until_us));
`;

/** More than one reservation adds, so that forgetting keeps up, and few enough that nobody waits for it. */
const forgottenAtOnce = 10;

/** Places in a database that all processes open; `normal` does, since a power cut is no time to send. */
export const sqlitePacing = (db: DatabaseSync): Pacing => {
  transaction(db, () => db.exec(schema));
  const sql = statements(db);

  return {
    async reserve(rates, nowMs, waitMsMax) {
      return transaction(db, () => {
        const states = rates.map((rate) => ({
          rate,
          state: (sql.state.get(rate.key) as RateState | undefined) ?? atRest,
        }));
        const { atUs, waitMs, reserved } = placeUnder(states, nowMs, waitMsMax);
        if (!reserved) return { waitMs, reserved };
        for (const { rate, state } of states)
          sql.charge.run({ key: rate.key, dueUs: dueAfterUs(rate, state, atUs) });
        sql.forget.run(instantUs(nowMs - forgetAfterMs), forgottenAtOnce);
        return { waitMs, reserved };
      });
    },

    async hold(key, untilMs) {
      sql.hold.run({ key, untilUs: instantUs(untilMs) });
    },
  };
};

const statements = (db: DatabaseSync) => ({
  state: db.prepare("SELECT due_us AS dueUs, held_until_us AS heldUntilUs FROM pacing_rates WHERE key = ?"),
  charge: db.prepare(
    `INSERT INTO pacing_rates (key, due_us) VALUES (:key, :dueUs)
     ON CONFLICT DO UPDATE SET due_us = excluded.due_us`,
  ),
  hold: db.prepare(
    `INSERT INTO pacing_rates (key, held_until_us) VALUES (:key, :untilUs)
     ON CONFLICT DO UPDATE SET held_until_us = max(held_until_us, excluded.held_until_us)`,
  ),
  forget: db.prepare(
    `DELETE FROM pacing_rates WHERE key IN
      (SELECT key FROM pacing_rates WHERE max(due_us, held_until_us) < ? LIMIT ?)`,
  ),
});
