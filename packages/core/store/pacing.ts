/** How fast we may send, shared by all that send: a reserved place in time is nobody else's. */

/**
 * A rate: `burst` at once, then one every `intervalMs` (the generic cell rate algorithm). A `cost` counts as so
 * many; one of more than the burst waits until the rate is idle, and those after it wait for the rest.
 */
export type Rate = { key: string; intervalMs: number; burst: number; cost?: number };

export type Place = {
  /** 0 to go on now; may be a fraction. */
  waitMs: number;
  /** When false, nothing is kept: ask again after `waitMs`. */
  reserved: boolean;
};

export type Pacing = {
  /**
   * Reserves a place under all of these rates (each key once) at the same instant, and answers how long to wait
   * for it. Nothing is reserved when that is more than `waitMsMax`, nor when one rate is so late that another
   * would stand idle until then: a customer who is written to too often does not slow the number for the rest.
   * Keys hold nothing personal.
   */
  reserve(rates: readonly Rate[], nowMs: number, waitMsMax: number): Promise<Place>;
  /**
   * Nobody gets a place under this key before `untilMs`, and then one at a time without a burst: WhatsApp said
   * that we were too fast. Places already given stand. A longer hold stays.
   */
  hold(key: string, untilMs: number): Promise<void>;
};
