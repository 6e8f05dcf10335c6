/** Ciphers for one person, or for the business itself. */
export type Sealer = {
  /** AES-256-GCM; `context` is authenticated, so that a ciphertext can't be moved elsewhere. */
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** Throws when the bytes or the context are not what was sealed. */
  open(sealed: Uint8Array, context: string): Uint8Array;
};

/** A data key per subject (contact), wrapped by a master key (D12). */
export type Keys = {
  /**
   * The subject's sealer, its key made on first use and durable before it resolves. Undefined once it is
   * destroyed. Ask for it anew for each piece of work: one that is held outlives its key.
   */
  sealer(subject: string): Promise<Sealer | undefined>;
  /**
   * Destroys the key for ever, also one that was never made: no key is made for that subject again. What it
   * sealed is unreadable at once, for every process. Throws when it can't say that nothing is left of the
   * key; it is out of use even then. Safe to repeat.
   */
  destroy(subject: string): Promise<void>;
};

/** The subject of what belongs to no person. */
export const BUSINESS = "business";
