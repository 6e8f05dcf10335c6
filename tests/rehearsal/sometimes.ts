/** What has to happen somewhere in a suite: one that never sees it shows nothing about it. */
import { faultKinds } from "./plan.ts";

const events = [
  "BotResumed",
  "ContactErased",
  "ContactIdentified",
  "ContactMarked",
  "ConversationAbsorbed",
  "ConversationMoved",
  "ConversationStarted",
  "DeliveryStatusReceived",
  "HumanRequested",
  "HumanTookOver",
  "MessageEchoed",
  "MessageEdited",
  "MessageReceived",
  "MessageRevoked",
  "MessageSent",
  "ReplyGenerated",
  "ReplyStarted",
  "ReplyWithheld",
  "SendFailed",
  "SendParked",
  "SendRequested",
  "SendResolved",
  "SendStarted",
  "SendUncertain",
  "UpdateQuarantined",
];

export const sometimes: readonly string[] = [
  ...faultKinds,
  ...events.map((type) => `event ${type}`),
  "ambiguous-send",
  "answered",
  "audit-repaired",
  "circuit-open",
  "dead-consumer",
  "dead-letter",
  "erased",
  "human-held",
  "redelivered",
  "redelivered-days-later",
  "redriven",
  "retried",
  "send failed",
  "send parked",
  "send sent",
  "snapshot-read",
  "status-before-send",
  "stream-expired",
  "taken-over-after-a-claim",
  "two-deployments-at-once",
  "webhook-retried",
  "send failed: human-took-over",
  "send failed: never-arrived",
  "send failed: service-window-closed",
  "withheld: human-took-over",
  "withheld: newer-message",
  "withheld: overtaken",
];

/** A suite of so many seeds sees all of it. */
export const suiteSeedsMin = 200;

export const neverSeen = (seen: ReadonlyMap<string, number>): string[] =>
  sometimes.filter((what) => !seen.has(what));
