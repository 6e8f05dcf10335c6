/** Time is a budget: what a reply may take is known when it begins, and what is left is passed down. */

/** From the customer's message to our answer at WhatsApp (docs/architecture.md, targets). */
export const targetMs = 2_000;
/**
 * What comes after the model, on a usual day: append, stream, bus, queue and the sending function take 250 to 550
 * ms, the Graph API 200 to 400 (docs/answers.md, latency budget).
 */
export const hopsToComeMs = 700;
/** Nobody waits longer without a word. "Typing…" is shown from the start; after this a holding reply is due. */
export const silenceMsMax = 4_000;
/** A holding reply is worth a message only where the answer takes so much longer. */
export const worthHoldingMs = 1_000;
/** No model is waited for longer, all that are tried together. */
export const answerMsMax = 20_000;
/** The claim outlives the longest answer, its context and its tools: nobody else begins while it is made. */
export const leaseMs = answerMsMax + 10_000;
/** The least that a model is given before another is tried: a slow minute of the network is no fault of its. */
const patienceMsMin = 3_000;

/** What the model may take for the answer to be in time. Never negative. */
export const timeLeftMs = (askedAt: string, nowMs: number): number =>
  Math.max(0, Date.parse(askedAt) + targetMs - hopsToComeMs - nowMs);

/** How long to wait for the answer before the customer is asked for patience; 0 when it will be late for certain. */
export const patienceLeftMs = (askedAt: string, nowMs: number, expectedMs: number): number => {
  const silenceLeftMs = Date.parse(askedAt) + silenceMsMax - hopsToComeMs - nowMs;
  return expectedMs > Math.max(0, silenceLeftMs) + worthHoldingMs
    ? 0
    : Math.max(silenceLeftMs, worthHoldingMs);
};

/** How long one model of a chain may take, so that another can still be tried when it fails. */
export const attemptMs = (expectedMs: number, leftMs: number, hasOthers: boolean): number =>
  hasOthers ? Math.min(leftMs, Math.max(patienceMsMin, 4 * expectedMs)) : leftMs;
