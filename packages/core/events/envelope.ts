import * as z from "zod";
import { ConversationEvent } from "./conversation.ts";
import { UpdateEvent } from "./update.ts";

/** Everything that can be recorded. */
export const HiloEvent = z.discriminatedUnion("type", [ConversationEvent, UpdateEvent]);
export type HiloEvent = z.infer<typeof HiloEvent>;

/** Where and when an event was recorded. `version` counts from 1, without gaps, within `stream`. */
export type Recorded = {
  stream: string;
  version: number;
  /** Our clock at the append, ISO-8601 UTC. Order is by version; time is only data. */
  at: string;
  commitId: string;
  /** The id of the event whose handling led to this one. */
  causationId?: string;
};

/** An event as it is read back. */
export type RecordedEvent<Event extends HiloEvent = HiloEvent> = Event & Recorded;
