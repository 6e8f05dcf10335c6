import type { DatabaseSync } from "node:sqlite";
import type { CircuitStore, OpenCircuit } from "../clients/circuits.ts";
import { transaction } from "./sqlite.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS circuits (
    name TEXT PRIMARY KEY,
    until_ms INTEGER NOT NULL,
    probes INTEGER NOT NULL,
    leased_until_ms INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
`;

/** Open circuits in a database that all processes open; `normal` does: what is down is soon found out again. */
export const sqliteCircuits = (db: DatabaseSync): CircuitStore => {
  transaction(db, () => db.exec(schema));
  const sql = statements(db);

  return {
    async read(name) {
      return circuit(sql.read.get(name));
    },
    async open(name, { untilMs, probes }) {
      sql.open.run({ name, untilMs, probes });
    },
    async claimProbe(name, nowMs, leaseUntilMs) {
      return circuit(sql.claim.get({ name, nowMs, leaseUntilMs }));
    },
    async close(name, untilMs) {
      sql.close.run(name, untilMs);
    },
  };
};

const statements = (db: DatabaseSync) => ({
  read: db.prepare("SELECT until_ms, probes FROM circuits WHERE name = ?"),
  open: db.prepare(
    `INSERT INTO circuits (name, until_ms, probes) VALUES (:name, :untilMs, :probes)
     ON CONFLICT DO UPDATE SET until_ms = excluded.until_ms, probes = excluded.probes, leased_until_ms = 0
     WHERE until_ms <= excluded.until_ms`,
  ),
  claim: db.prepare(
    `UPDATE circuits SET leased_until_ms = :leaseUntilMs
     WHERE name = :name AND until_ms <= :nowMs AND leased_until_ms <= :nowMs
     RETURNING until_ms, probes`,
  ),
  close: db.prepare("DELETE FROM circuits WHERE name = ? AND until_ms = ?"),
});

const circuit = (row: Record<string, unknown> | undefined): OpenCircuit | undefined =>
  row && { untilMs: Number(row["until_ms"]), probes: Number(row["probes"]) };
