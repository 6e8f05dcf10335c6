/** Read models: documents grouped by stream, each group gated by the version it has reached (D7). */

/** A document of a view, sealed for its subject. `index` puts it in a list. */
export type StoredItem = {
  /** Not empty. Keys sort by their UTF-8 bytes. */
  key: string;
  body: Uint8Array;
  index?: { partition: string; sort: string };
};

export type ViewChange = {
  stream: string;
  subject: string;
  /** The version that the group stands at, 0 for a new one; nothing is written unless it still does. */
  expectedVersion: number;
  version: number;
  /** Each replaces the item of its key whole: without an `index` it leaves the list. */
  put: StoredItem[];
  /** Removed before anything is put. */
  remove: string[];
};

export type ListPage = {
  items: { stream: string; key: string; subject: string; body: Uint8Array }[];
  next?: string;
};

/** `view` names one generation of a view, `name@<n>`, except where it says otherwise. */
export type ViewStore = {
  /** The version that a stream's group has reached, 0 when there is none. */
  version(view: string, stream: string): Promise<number>;
  /** The wanted items of one stream's group that exist; `"all"` reads the whole group, in order of key. */
  items(view: string, stream: string, keys: readonly string[] | "all"): Promise<StoredItem[]>;
  /**
   * One page of a group, from its least key forwards or its greatest backwards; `after` and `before` are
   * exclusive keys.
   */
  page(
    view: string,
    stream: string,
    options: { after?: string; before?: string; direction: "forwards" | "backwards"; limit: number },
  ): Promise<StoredItem[]>;
  /** Writes a group's change and its new version together. False when the group has moved on. */
  write(view: string, change: ViewChange): Promise<boolean>;
  /**
   * Writes whole groups into a generation that is clear and that nobody uses yet, many at a time and without asking
   * what is there (`expectedVersion` and `remove` count for nothing). Not atomic: broken off, it is cleared and begun again.
   */
  fill(view: string, groups: readonly ViewChange[]): Promise<void>;
  /**
   * Items of one index partition, greatest sort first, then greatest stream and key. `after` is the `next`
   * of the page before, absent on the last page: items that stay where they are come exactly once, whatever
   * is written in between. Throws a zod error when `after` is no such thing.
   */
  list(view: string, options: { partition: string; after?: string; limit: number }): Promise<ListPage>;
  /** Every group's version, in pages, in order of stream. `after` is the `next` of the page before. */
  versions(
    view: string,
    after?: string,
  ): Promise<{ groups: { stream: string; version: number }[]; next?: string }>;
  /** Deletes a generation whole. */
  clear(view: string): Promise<void>;
  /** The generation of a view that queries read, given its bare name: `name@1` until one is promoted. */
  current(name: string): Promise<string>;
  /**
   * Makes `generation` the one that queries of the bare `name` read, and deletes the one before, together.
   * Throws when it is no generation of that view.
   */
  promote(name: string, generation: string): Promise<void>;
};
