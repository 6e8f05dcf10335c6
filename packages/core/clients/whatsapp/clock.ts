/** WhatsApp's timestamps: whole seconds since 1970, as a text or a number. */

/** Further ahead of our clock than this, a timestamp is wrong. */
export const aheadMaxMs = 5 * 60_000;

export type Instant = { at: string; clock?: "future" | "missing" };

/** The instant, or ours where WhatsApp's can't be one, and why (F19). */
export const readInstant = (timestamp: unknown, receivedAt: string): Instant => {
  const seconds = secondsOf(timestamp);
  if (seconds === undefined) return { at: receivedAt, clock: "missing" };
  const ms = seconds * 1000;
  if (!(ms <= Date.parse(receivedAt) + aheadMaxMs)) return { at: receivedAt, clock: "future" };
  return { at: new Date(ms).toISOString() };
};

const secondsOf = (timestamp: unknown): number | undefined => {
  if (typeof timestamp !== "number" && !(typeof timestamp === "string" && /^\d{1,20}$/.test(timestamp)))
    return undefined;
  const seconds = Math.floor(Number(timestamp));
  return seconds > 0 ? seconds : undefined;
};
