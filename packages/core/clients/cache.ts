/**
 * What can be had again may be kept at hand for a while. Nothing is sure to be found again, and losing all of it
 * costs time only. A cache that can't be reached has nothing: it never throws.
 */
export type Cache = {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys hold no personal data, and values only what is sealed: they die with the person's key. */
  set(key: string, value: Uint8Array, ttlMs: number): Promise<void>;
  /** Lets go of any connection. Used again, it connects anew. */
  close(): Promise<void>;
};
