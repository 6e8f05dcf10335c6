import { decodeCursor, encodeCursor, type ListPosition } from "../store/cursor.ts";
import type { StoredItem, ViewStore } from "../store/view-store.ts";

type Group = { version: number; items: Map<string, StoredItem & { subject: string }> };

const versionsPerPage = 1_000;

/** Read models for tests and simulations: gone with the process. */
export const memoryViewStore = (): ViewStore => {
  const views = new Map<string, Map<string, Group>>();
  const generations = new Map<string, string>();

  const groupOf = (view: string, stream: string) => views.get(view)?.get(stream);
  const sorted = (view: string, stream: string) =>
    [...(groupOf(view, stream)?.items.values() ?? [])].toSorted((a, b) => byBytes(a.key, b.key));
  const current = (name: string) => generations.get(name) ?? `${name}@1`;

  return {
    version: async (view, stream) => groupOf(view, stream)?.version ?? 0,

    async items(view, stream, keys) {
      if (keys === "all") return sorted(view, stream).map(stored);
      const items = groupOf(view, stream)?.items;
      return keys.flatMap((key) => items?.get(key) ?? []).map(stored);
    },

    async page(view, stream, { after, before, direction, limit }) {
      const within = sorted(view, stream).filter(
        ({ key }) =>
          (after === undefined || byBytes(key, after) > 0) &&
          (before === undefined || byBytes(key, before) < 0),
      );
      return (direction === "forwards" ? within : within.toReversed()).slice(0, limit).map(stored);
    },

    async write(view, { stream, subject, expectedVersion, version, put, remove }) {
      const group = groupOf(view, stream) ?? { version: 0, items: new Map() };
      if (group.version !== expectedVersion) return false;
      if (put.some(({ body }) => !(body instanceof Uint8Array))) throw new TypeError("a body is bytes");
      for (const key of remove) group.items.delete(key);
      for (const item of put) group.items.set(item.key, { ...item, subject });
      group.version = version;
      const groups = views.get(view) ?? new Map<string, Group>();
      views.set(view, groups.set(stream, group));
      return true;
    },

    async fill(view, groups) {
      if (groups.some(({ put }) => put.some(({ body }) => !(body instanceof Uint8Array))))
        throw new TypeError("a body is bytes");
      const filled = views.get(view) ?? new Map<string, Group>();
      views.set(view, filled);
      for (const { stream, subject, version, put } of groups)
        filled.set(stream, { version, items: new Map(put.map((item) => [item.key, { ...item, subject }])) });
    },

    async list(view, { partition, after, limit }) {
      const from = after === undefined ? undefined : decodeCursor(after);
      const listed = [...(views.get(view) ?? [])]
        .flatMap(([stream, { items }]) => [...items.values()].map((item) => ({ stream, ...item })))
        .flatMap((item) => (item.index?.partition === partition ? [{ item, at: positionOf(item) }] : []))
        .filter(({ at }) => from === undefined || byPosition(at, from) < 0)
        .toSorted((a, b) => byPosition(b.at, a.at));
      const last = listed.length > limit ? listed[limit - 1] : undefined;
      return {
        items: listed
          .slice(0, limit)
          .map(({ item: { stream, key, subject, body } }) => ({ stream, key, subject, body })),
        ...(last && { next: encodeCursor(last.at) }),
      };
    },

    async versions(view, after) {
      const groups = [...(views.get(view) ?? [])]
        .map(([stream, { version }]) => ({ stream, version }))
        .filter(({ stream }) => after === undefined || byBytes(stream, after) > 0)
        .toSorted((a, b) => byBytes(a.stream, b.stream));
      const page = groups.slice(0, versionsPerPage);
      const last = groups.length > page.length ? page.at(-1) : undefined;
      return { groups: page, ...(last && { next: last.stream }) };
    },

    async clear(view) {
      views.delete(view);
    },

    current: async (name) => current(name),

    async promote(name, generation) {
      if (!generation.startsWith(`${name}@`))
        throw new RangeError(`${generation} is no generation of ${name}`);
      const before = current(name);
      if (before === generation) return;
      generations.set(name, generation);
      views.delete(before);
    },
  };
};

const stored = ({ key, body, index }: StoredItem): StoredItem => ({ key, body, ...(index && { index }) });

const positionOf = ({ index, stream, key }: StoredItem & { stream: string }): ListPosition => [
  index?.sort ?? "",
  stream,
  key,
];

/** Text sorts by its UTF-8 bytes, as in the databases. */
const byBytes = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

const byPosition = (a: ListPosition, b: ListPosition): number =>
  byBytes(a[0], b[0]) || byBytes(a[1], b[1]) || byBytes(a[2], b[2]);
