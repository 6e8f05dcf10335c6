import type { BusEvent } from "../events/bus.ts";

/** Where every event goes after it is stored, on to those who subscribed. */
export type EventBus = {
  /**
   * Hands events over. Answers the places (indices) of those that were not accepted, which the caller
   * offers again; the others are accepted durably. At least once, unordered.
   */
  publish(events: readonly BusEvent[]): Promise<number[]>;
};
