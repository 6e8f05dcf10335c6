/** Read models: documents grouped by stream, each group gated by the version it has reached (D7). */

/** A document of a view, sealed for its subject. `index` puts it in a list. */
export type StoredItem = {
  key: string;
  body: Uint8Array;
  index?: { partition: string; sort: string };
};

export type ViewChange = {
  stream: string;
  subject: string;
  /** The version that the group stands at; nothing is written unless it still does. */
  expectedVersion: number;
  version: number;
  put: StoredItem[];
  remove: string[];
};

export type ListPage = { items: { stream: string; key: string; subject: string; body: Uint8Array }[]; next?: string };

export type ViewStore = {
  /** The version that a stream's group has reached, 0 when there is none. */
  version(view: string, stream: string): Promise<number>;
  /** Those of the wanted items of one stream's group that exist; `"all"` reads the whole group. */
  items(view: string, stream: string, keys: readonly string[] | "all"): Promise<StoredItem[]>;
  /** Writes a group's change and its new version together. False when the group has moved on. */
  write(view: string, change: ViewChange): Promise<boolean>;
  /** Items of these index partitions (a few at most), greatest sort first. `after` is the `next` of the page before. */
  list(view: string, options: { partitions: readonly string[]; after?: string; limit: number }): Promise<ListPage>;
  /** Every group's version, in pages. */
  versions(view: string, after?: string): Promise<{ groups: { stream: string; version: number }[]; next?: string }>;
  /** Deletes a view whole. */
  clear(view: string): Promise<void>;
  /** The generation of the view that queries read: `view@<n>`. */
  current(view: string): Promise<string>;
  /** Makes `generation` the one that queries read, and deletes the one before. */
  promote(view: string, generation: string): Promise<void>;
};
