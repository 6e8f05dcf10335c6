/** How fast we may send, shared by all that send: a reserved place in time is nobody else's. */

/** A rate: `burst` at once, then one every `intervalMs` (the generic cell rate algorithm). */
export type Rate = { key: string; intervalMs: number; burst: number; cost?: number };

export type Pacing = {
  /**
   * Reserves a place under all of these rates at once and answers how long to wait for it, in ms; 0 to go on
   * now. When that is more than `waitMsMax`, nothing is reserved. Keys hold nothing personal.
   */
  reserve(rates: readonly Rate[], nowMs: number, waitMsMax: number): Promise<{ waitMs: number; reserved: boolean }>;
  /** Nobody gets a place under this key before `untilMs`: WhatsApp said that we were too fast. */
  hold(key: string, untilMs: number): Promise<void>;
};
