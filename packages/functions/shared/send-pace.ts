/** How fast we send, and what we do when WhatsApp says that it was too fast, or that we may not at all. */
import type { Circuits } from "#core/clients/circuits.ts";
import type { Remedy } from "#core/events/conversation.ts";
import { parseConversationStream } from "#core/events/stream.ts";
import type { HandleDeps } from "#core/store/handle.ts";
import type { Pacing, Rate } from "#core/store/pacing.ts";
import { NotYet } from "./each-event.ts";
import type { Log } from "./log.ts";

export type RemedyDeps = Pick<HandleDeps, "clock"> & {
  pacing: Pick<Pacing, "hold">;
  circuits: Pick<Circuits, "trip">;
  log: Log;
};

export type PaceDeps = RemedyDeps &
  Pick<HandleDeps, "sleep"> & {
    pacing: Pacing;
    circuits: Circuits;
    /** What a number may send and receive in a second (Cloud API, "Throughput"): 80, or 1,000. */
    numberPerSecond: number;
  };

/** One message in 6 s to the same customer, and 45 at once (Cloud API, "Pair rate limits"). */
const pair = { intervalMs: 6_000, burst: 45 };
/** At once, on top of the number's rate: few, since Meta counts what falls into one second. */
const numberBurst = 10;
/** Of the number's throughput a reply takes two: the message that it answers counts, too. */
const costPerReply = 2;
/** A turn that comes within this time is waited for; a later one is left to the queue. */
const waitMsMax = 3_000;
/** How long a number that may not send is left alone before it is tried again. */
const stoppedMs = 15 * 60_000;
const slowNumberMs = 1_000;
const slowPairMsMax = 3_600_000;
const retryMsMax = 60_000;

const numberOf = (stream: string): string => parseConversationStream(stream)?.phoneNumberId ?? "";

export const circuitOf = (stream: string): string => `graph/${numberOf(stream)}`;

const numberKey = (stream: string): string => `number/${numberOf(stream)}`;
const pairKey = (stream: string): string => `pair/${stream}`;

/** Waits for a place under the number's rate and the customer's. Throws `NotYet` when that is far off. */
export const takeTurn = async (
  { pacing, clock, sleep, numberPerSecond }: PaceDeps,
  stream: string,
): Promise<void> => {
  const rates: Rate[] = [
    {
      key: numberKey(stream),
      intervalMs: 1_000 / numberPerSecond,
      burst: numberBurst,
      cost: costPerReply,
    },
    { key: pairKey(stream), ...pair },
  ];
  const { waitMs, reserved } = await pacing.reserve(rates, clock().getTime(), waitMsMax);
  if (!reserved) throw new NotYet("not-our-turn", waitMs);
  await sleep(waitMs);
};

/** Does what an error asks for besides; answers how long to wait before the next attempt, the `attempts`th so far. */
export const applyRemedy = async (
  deps: RemedyDeps,
  stream: string,
  remedy: Remedy | undefined,
  attempts: number,
): Promise<number> => {
  const { pacing, circuits, log, clock } = deps;
  const now = clock().getTime();
  switch (remedy) {
    case "slow-number":
      await pacing.hold(numberKey(stream), now + slowNumberMs);
      return slowNumberMs;
    case "slow-pair": {
      const waitMs = Math.min(1_000 * 4 ** attempts, slowPairMsMax);
      await pacing.hold(pairKey(stream), now + waitMs);
      return waitMs;
    }
    case "stop-number":
      await circuits.trip(circuitOf(stream), now + stoppedMs);
      log("error", "a number may not send: a person must see to it", { reason: "account-blocked" });
      return stoppedMs;
    case "alert-developer":
      log("error", "WhatsApp refused our request as wrong", { stream });
      return retryMsMax;
    case "mark-contact":
    case undefined:
      return Math.min(1_000 * 2 ** attempts, retryMsMax);
  }
};
