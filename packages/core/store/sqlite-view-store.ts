import type { DatabaseSync } from "node:sqlite";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { groupedWork } from "./group-commit.ts";
import { transaction } from "./sqlite.ts";
import type { StoredItem, ViewChange, ViewStore } from "./view-store.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS view_groups (
    view TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (view, stream)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS view_items (
    view TEXT NOT NULL,
    stream TEXT NOT NULL,
    key TEXT NOT NULL,
    subject TEXT NOT NULL,
    body BLOB NOT NULL,
    partition TEXT,
    sort TEXT,
    PRIMARY KEY (view, stream, key)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS view_items_list
    ON view_items (view, partition, sort, stream, key) WHERE partition IS NOT NULL;
  CREATE TABLE IF NOT EXISTS view_generations (
    name TEXT PRIMARY KEY,
    generation TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const versionsPerPage = 1_000;

/** A blob: SQLite sorts it after every text. */
const afterAllText = new Uint8Array();

type ItemRow = { key: string; body: Uint8Array; partition: string | null; sort: string | null };
type ListRow = { stream: string; key: string; subject: string; body: Uint8Array; sort: string };

/** Read models in a database that may be opened `normal`: they can be rebuilt. Changes of the same moment share a transaction. */
export const sqliteViewStore = (db: DatabaseSync): ViewStore => {
  transaction(db, () => db.exec(schema));
  const sql = statements(db);

  const current = (name: string): string => String(sql.generation.get(name)?.["generation"] ?? `${name}@1`);

  const clear = (view: string): void => {
    sql.clearItems.run(view);
    sql.clearGroups.run(view);
  };

  const putItems = (view: string, { stream, subject, put }: ViewChange): void => {
    for (const { key, body, index } of put)
      sql.putItem.run(view, stream, key, subject, body, index?.partition ?? null, index?.sort ?? null);
  };

  const apply = (view: string, change: ViewChange): boolean => {
    const { stream, expectedVersion, version, remove } = change;
    const advance = expectedVersion === 0 ? sql.insertGroup : sql.updateGroup;
    const gate = { view, stream, version, ...(expectedVersion > 0 && { expectedVersion }) };
    if (advance.run(gate).changes === 0) return false;
    for (const key of remove) sql.removeItem.run(view, stream, key);
    putItems(view, change);
    return true;
  };
  const grouped = groupedWork(db);

  return {
    async version(view, stream) {
      return Number(sql.version.get(view, stream)?.["version"] ?? 0);
    },

    async items(view, stream, keys) {
      if (keys === "all") return (sql.items.all(view, stream) as ItemRow[]).map(storedItem);
      const found = keys.map((key) => sql.item.get(view, stream, key) as ItemRow | undefined);
      return found.filter((row) => row !== undefined).map(storedItem);
    },

    async page(view, stream, { after = "", before = afterAllText, direction, limit }) {
      const rows = sql[direction].all(view, stream, after, before, limit) as ItemRow[];
      return rows.map(storedItem);
    },

    write: (view, change) => grouped(() => apply(view, change)),

    async fill(view, groups) {
      transaction(db, () => {
        for (const group of groups) {
          sql.fillGroup.run({ view, stream: group.stream, version: group.version });
          putItems(view, group);
        }
      });
    },

    async list(view, { partition, after, limit }) {
      const from = after === undefined ? [afterAllText, "", ""] : decodeCursor(after);
      const rows = sql.list.all(view, partition, ...from, limit + 1) as ListRow[];
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map(({ stream, key, subject, body }) => ({ stream, key, subject, body })),
        ...(last && { next: encodeCursor([last.sort, last.stream, last.key]) }),
      };
    },

    async versions(view, after = "") {
      const groups = sql.versions.all(view, after, versionsPerPage) as { stream: string; version: number }[];
      const last = groups.length === versionsPerPage ? groups.at(-1) : undefined;
      return { groups: groups.map((group) => ({ ...group })), ...(last && { next: last.stream }) };
    },

    async clear(view) {
      transaction(db, () => clear(view));
    },

    async current(name) {
      return current(name);
    },

    async promote(name, generation) {
      if (!generation.startsWith(`${name}@`))
        throw new RangeError(`${generation} is no generation of ${name}`);
      transaction(db, () => {
        const before = current(name);
        if (before === generation) return;
        sql.promote.run(name, generation);
        clear(before);
      });
    },
  };
};

const statements = (db: DatabaseSync) => {
  const inGroup = "view = ? AND stream = ?";
  const item = "SELECT key, body, partition, sort FROM view_items";
  const page = (order: "ASC" | "DESC") =>
    db.prepare(`${item} WHERE ${inGroup} AND key > ? AND key < ? ORDER BY key ${order} LIMIT ?`);
  return {
    version: db.prepare(`SELECT version FROM view_groups WHERE ${inGroup}`),
    versions: db.prepare(
      "SELECT stream, version FROM view_groups WHERE view = ? AND stream > ? ORDER BY stream LIMIT ?",
    ),
    insertGroup: db.prepare(
      "INSERT INTO view_groups (view, stream, version) VALUES (:view, :stream, :version) ON CONFLICT DO NOTHING",
    ),
    fillGroup: db.prepare(
      `INSERT INTO view_groups (view, stream, version) VALUES (:view, :stream, :version)
       ON CONFLICT DO UPDATE SET version = excluded.version`,
    ),
    updateGroup: db.prepare(
      `UPDATE view_groups SET version = :version
       WHERE view = :view AND stream = :stream AND version = :expectedVersion`,
    ),
    item: db.prepare(`${item} WHERE ${inGroup} AND key = ?`),
    items: db.prepare(`${item} WHERE ${inGroup} ORDER BY key`),
    forwards: page("ASC"),
    backwards: page("DESC"),
    putItem: db.prepare(
      `INSERT INTO view_items (view, stream, key, subject, body, partition, sort) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET subject = excluded.subject, body = excluded.body,
         partition = excluded.partition, sort = excluded.sort`,
    ),
    removeItem: db.prepare(`DELETE FROM view_items WHERE ${inGroup} AND key = ?`),
    list: db.prepare(
      `SELECT stream, key, subject, body, sort FROM view_items
       WHERE view = ? AND partition = ? AND (sort, stream, key) < (?, ?, ?)
       ORDER BY sort DESC, stream DESC, key DESC LIMIT ?`,
    ),
    clearItems: db.prepare("DELETE FROM view_items WHERE view = ?"),
    clearGroups: db.prepare("DELETE FROM view_groups WHERE view = ?"),
    generation: db.prepare("SELECT generation FROM view_generations WHERE name = ?"),
    promote: db.prepare(
      "INSERT INTO view_generations VALUES (?, ?) ON CONFLICT DO UPDATE SET generation = excluded.generation",
    ),
  };
};

const storedItem = ({ key, body, partition, sort }: ItemRow): StoredItem => ({
  key,
  body,
  ...(partition !== null && sort !== null && { index: { partition, sort } }),
});
