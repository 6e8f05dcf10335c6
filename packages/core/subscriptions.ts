/**
 * Who listens to what: the one table that `stacks/` and the local runtime both read. Each row is a rule on
 * the bus, a queue with a dead-letter queue, and a handler (D6). Patterns are EventBridge's; the events are
 * shaped as `events/bus.ts` says.
 */
import { heeds } from "./views/heeds.ts";

type Pattern = {
  readonly [field: string]: Pattern | readonly (string | number | boolean | null | Record<string, unknown>)[];
};

export type Subscription = {
  /** Names the rule, the queue and the handler: `packages/functions/<folder>/<name>.ts`. */
  name: string;
  folder: "commands" | "projections";
  pattern: Pattern;
  /** Messages that one invocation gets at most; they are worked on at the same time. */
  batchSize: number;
  /** Invocations at the same time, at most. */
  concurrency: number;
  visibilityTimeoutSec: number;
  /** Receives before a message goes to the dead letters. */
  receivesMax: number;
};

const ofConversations = { stream: [{ prefix: "conversation-" }] };

const command = (name: string, detailTypes: string[], data?: Pattern): Subscription => ({
  name,
  folder: "commands",
  pattern: {
    source: ["hilo"],
    "detail-type": detailTypes,
    detail: { ...ofConversations, ...(data && { data }) },
  },
  batchSize: 10,
  concurrency: 10,
  visibilityTimeoutSec: 60,
  receivesMax: 8,
});

/** Hears of what may change the view. What came in between is read from the log (D7). */
const projection = (name: keyof typeof heeds): Subscription => ({
  name,
  folder: "projections",
  pattern: { source: ["hilo"], "detail-type": heeds[name], detail: ofConversations },
  batchSize: 10,
  concurrency: 2,
  visibilityTimeoutSec: 60,
  receivesMax: 5,
});

export const subscriptions: readonly Subscription[] = [
  {
    ...command("generate-reply", ["MessageReceived"], { noReply: [{ exists: false }] }),
    // a Lambda has half of it: 10 s for the customer to go quiet, 20 s for the answer, and all that is stored
    visibilityTimeoutSec: 120,
  },
  command("send-message", ["SendRequested"]),
  command("summarise-context", ["ReplyGenerated"]),
  {
    ...command("fetch-media", ["MessageReceived"], {
      content: { type: ["image", "video", "document", "audio", "sticker"] },
    }),
    // a file may have 100 MB, and a Lambda holds it whole
    batchSize: 1,
    visibilityTimeoutSec: 120,
  },
  command("notify-people", ["HumanRequested", "SendParked"]),
  projection("conversation-list"),
  projection("transcript"),
  projection("context"),
  projection("parked-sends"),
  projection("costs"),
];
