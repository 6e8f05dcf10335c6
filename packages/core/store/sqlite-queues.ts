import type { DatabaseSync } from "node:sqlite";
import type { DeadLetter, QueueDepth, QueueMessage, Queues } from "./queues.ts";
import { transaction } from "./sqlite.ts";

/**
 * AUTOINCREMENT, so that a slow worker's id never names a later message. Times are ms since the epoch.
 * The index holds all that depths and recovery ask, so that they never read a body.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS queue_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receives INTEGER NOT NULL DEFAULT 0,
    in_flight INTEGER NOT NULL DEFAULT 0,
    buried_at INTEGER,
    reason TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS queue_messages_live
    ON queue_messages (queue, visible_at, id, in_flight, buried_at) WHERE buried_at IS NULL;
  CREATE INDEX IF NOT EXISTS queue_messages_dead
    ON queue_messages (queue, buried_at, id) WHERE buried_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS queue_checkpoints (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const isVisible = "queue = :queue AND buried_at IS NULL AND visible_at <= :now";

type Row = { id: number; body: string; receives: number; sent_at: number };
type DeadRow = Row & { reason: string; buried_at: number };

/**
 * `clock` tells ms since the epoch. In a database opened `normal`, a power cut may lose the newest sends,
 * and with them their checkpoint: the feed after it is then published again.
 */
export const sqliteQueues = (db: DatabaseSync, clock: () => number): Queues => {
  transaction(db, () => db.exec(schema));
  const sql = statements(db);

  return {
    async send(messages, checkpoint) {
      const now = clock();
      transaction(db, () => {
        for (const { queue, body, delayMs = 0 } of messages)
          sql.insert.run({ queue, body, now, visibleAt: now + delayMs });
        if (checkpoint) sql.saveCheckpoint.run(checkpoint);
      });
    },

    async checkpoint(name) {
      const row = sql.checkpoint.get(name);
      return row && String(row["value"]);
    },

    async receive(queue, { max, visibilityMs }) {
      const now = clock();
      // Idle workers ask often: they are not to queue for the write lock.
      if (!sql.anyVisible.get({ queue, now })) return [];
      return transaction(db, () => {
        const rows = sql.visible.all({ queue, now, max }) as Row[];
        for (const { id } of rows) sql.hide.run({ id, visibleAt: now + visibilityMs });
        return rows.map((row) => message({ ...row, receives: row.receives + 1 }));
      });
    },

    async remove(queue, ids) {
      transaction(db, () => {
        for (const id of ids) sql.remove.run({ queue, id });
      });
    },

    async release(queue, id, delayMs) {
      sql.release.run({ queue, id, visibleAt: clock() + delayMs });
    },

    async bury(queue, id, reason) {
      sql.bury.run({ queue, id, reason, now: clock() });
    },

    async deadLetters(queue, limit) {
      return (sql.deadLetters.all({ queue, limit }) as DeadRow[]).map(deadLetter);
    },

    async redrive(queue, ids) {
      const now = clock();
      if (!ids) return Number(sql.redriveAll.run({ queue, now }).changes);
      return transaction(db, () =>
        ids.reduce((count, id) => count + Number(sql.redrive.run({ queue, id, now }).changes), 0),
      );
    },

    async recover() {
      sql.recover.run({ now: clock() });
    },

    async depths() {
      const depths: Record<string, QueueDepth> = {};
      for (const { queue, ...depth } of sql.depths.all({ now: clock() }) as (QueueDepth & {
        queue: string;
      })[])
        depths[queue] = depth;
      return depths;
    },
  };
};

const statements = (db: DatabaseSync) => {
  const redrive = `UPDATE queue_messages SET buried_at = NULL, reason = NULL, receives = 0, visible_at = :now
    WHERE queue = :queue AND buried_at IS NOT NULL`;
  return {
    insert: db.prepare(
      "INSERT INTO queue_messages (queue, body, sent_at, visible_at) VALUES (:queue, :body, :now, :visibleAt)",
    ),
    checkpoint: db.prepare("SELECT value FROM queue_checkpoints WHERE name = ?"),
    saveCheckpoint: db.prepare(
      "INSERT INTO queue_checkpoints VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = excluded.value",
    ),
    anyVisible: db.prepare(`SELECT 1 FROM queue_messages WHERE ${isVisible} LIMIT 1`),
    visible: db.prepare(
      `SELECT id, body, receives, sent_at FROM queue_messages WHERE ${isVisible} ORDER BY visible_at, id LIMIT :max`,
    ),
    hide: db.prepare(
      "UPDATE queue_messages SET visible_at = :visibleAt, receives = receives + 1, in_flight = 1 WHERE id = :id",
    ),
    remove: db.prepare("DELETE FROM queue_messages WHERE id = :id AND queue = :queue"),
    release: db.prepare(
      `UPDATE queue_messages SET visible_at = :visibleAt, in_flight = 0
       WHERE id = :id AND queue = :queue AND buried_at IS NULL`,
    ),
    bury: db.prepare(
      `UPDATE queue_messages SET buried_at = :now, reason = :reason, in_flight = 0
       WHERE id = :id AND queue = :queue AND buried_at IS NULL`,
    ),
    deadLetters: db.prepare(
      `SELECT id, body, receives, sent_at, reason, buried_at FROM queue_messages
       WHERE queue = :queue AND buried_at IS NOT NULL ORDER BY buried_at, id LIMIT :limit`,
    ),
    redriveAll: db.prepare(redrive),
    redrive: db.prepare(`${redrive} AND id = :id`),
    recover: db.prepare(
      `UPDATE queue_messages SET visible_at = :now, in_flight = 0 WHERE id IN
        (SELECT id FROM queue_messages WHERE buried_at IS NULL AND in_flight = 1 AND visible_at > :now)`,
    ),
    depths: db.prepare(depths),
  };
};

const depths = `
  SELECT queue, sum(visible) AS visible, sum(in_flight) AS inFlight, sum(delayed) AS delayed, sum(dead) AS dead FROM (
    SELECT queue,
      count(*) FILTER (WHERE visible_at <= :now) AS visible,
      count(*) FILTER (WHERE visible_at > :now AND in_flight = 1) AS in_flight,
      count(*) FILTER (WHERE visible_at > :now AND in_flight = 0) AS delayed,
      0 AS dead
    FROM queue_messages WHERE buried_at IS NULL GROUP BY queue
    UNION ALL
    SELECT queue, 0, 0, 0, count(*) FROM queue_messages WHERE buried_at IS NOT NULL GROUP BY queue
  ) GROUP BY queue
`;

const message = ({ id, body, receives, sent_at }: Row): QueueMessage => ({
  id: String(id),
  body,
  receives,
  sentAt: new Date(sent_at).toISOString(),
});

const deadLetter = (row: DeadRow): DeadLetter => ({
  ...message(row),
  reason: row.reason,
  buriedAt: new Date(row.buried_at).toISOString(),
});
