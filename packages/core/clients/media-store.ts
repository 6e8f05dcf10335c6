/** Where the files of messages are kept. What is put in is sealed already (`store/sealed-media.ts`). */

/** Bytes from `from` on, to just before `to`: one at least. */
export type ByteRange = { from: number; to: number };

/** Keys are `<owner>/<name>`, as `mediaKey` makes them. */
export type MediaStore = {
  /** Whole or not at all, and durable before it resolves. Replaces what is there. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** What is there of the range; everything without one. Undefined when there is nothing under the key. */
  get(key: string, range?: ByteRange): Promise<Uint8Array | undefined>;
  /** Safe to repeat, as is `deleteOf`. */
  delete(key: string): Promise<void>;
  /** Deletes everything of one owner. */
  deleteOf(owner: string): Promise<void>;
};

const part = /^[A-Za-z0-9_-]{1,64}$/;

/** Throws a `RangeError` on an owner or name that is none of ours: keys become paths. */
export const mediaKey = (owner: string, name: string): string => `${ownerFolder(owner)}${checked(name)}`;

/** What every key of the owner begins with. */
export const ownerFolder = (owner: string): string => `${checked(owner)}/`;

const checked = (text: string): string => {
  if (!part.test(text)) throw new RangeError("expected 1 to 64 letters, digits, _ and -");
  return text;
};
