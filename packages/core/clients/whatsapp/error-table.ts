/**
 * What Hilo makes of WhatsApp's errors, as data: docs/sending.md shows this table. Sources: Cloud API, "Error
 * codes" (15 May 2026), unless a row names another.
 */
import type { Remedy, Retry } from "../../events/conversation.ts";

export type Verdict = {
  /** What the outcome calls it. */
  reason: string;
  /** Provably nothing was sent, and this may be done about it; or nobody knows whether it was. */
  effect: Retry | "uncertain";
  remedy?: Remedy;
  /** What Hilo does, in words. */
  does: string;
};

export type ErrorRow = Verdict & {
  codes: readonly (number | readonly [from: number, to: number])[];
  /** Narrow the codes down. The first row that covers an error counts, so rows with these stand first. */
  subcode?: number;
  details?: RegExp;
  source?: string;
};

export const errorTable: readonly ErrorRow[] = [
  {
    reason: "rate-limited",
    codes: [4, 80007, 130429, 131057],
    effect: "later",
    remedy: "slow-number",
    does: "All sends of the number slow down. This one is tried again.",
    source: "also “Throughput”: 80 messages a second, or 1,000; 131057 is the minute of the upgrade",
  },
  {
    reason: "pair-rate-limited",
    codes: [131056],
    effect: "later",
    remedy: "slow-pair",
    does: "Only sends to this customer wait: 1 s, then 4, 16 and so on.",
    source: "also “Pair rate limits”: one message in 6 s, 45 at once at most",
  },
  {
    reason: "spam-limited",
    codes: [131048],
    effect: "never",
    remedy: "slow-number",
    does: "Too many customers blocked or reported the number. It slows down. This message is not repeated.",
  },
  {
    reason: "service-fault",
    codes: [1, 2, 131000, 131016, 133004, 2494100],
    effect: "uncertain",
    does: "It may have been sent. A status or the message history settles it, else a person does.",
  },
  {
    reason: "service-window-closed",
    codes: [131047],
    effect: "template",
    does: "The customer last wrote over 24 hours ago. A template is sent if one is configured, else Hilo waits for them.",
  },
  {
    reason: "marketing-limited",
    codes: [131049],
    effect: "never",
    does: "This customer gets enough marketing, says Meta. Hilo does not repeat it; a day later a person may.",
  },
  {
    reason: "recipient-opted-out",
    codes: [131050],
    effect: "never",
    remedy: "mark-contact",
    does: "They stopped marketing messages. No template is sent to them until they want them again.",
  },
  {
    reason: "recipient-unreachable",
    codes: [130472, 131021, 131026, 131030, [131062, 131064], 137000],
    effect: "never",
    remedy: "mark-contact",
    does: "Nothing more is sent to them until they write again.",
  },
  {
    reason: "country-not-allowed",
    codes: [130497],
    effect: "never",
    remedy: "mark-contact",
    does: "The account may not write to this country. Other customers get their messages all the same.",
  },
  {
    reason: "media-rejected",
    codes: [131052, 131053],
    effect: "other-form",
    does: "Not repeated as it is: the file is uploaded anew, or said in words.",
  },
  {
    reason: "media-rejected",
    codes: [100, 131009],
    details: /media attachment id/i,
    effect: "other-form",
    does: "The file's id is unknown, or older than 30 days: it is uploaded anew, or said in words.",
    source: "not in Meta’s list, and to be confirmed on a live number",
  },
  {
    reason: "number-unknown",
    codes: [100],
    subcode: 33,
    effect: "later",
    remedy: "stop-number",
    does: "The number's id or the token is not ours. Nothing is sent until a person has seen to it; then this is.",
    source: "Graph API, “Error handling”: an object that does not exist or may not be seen",
  },
  {
    reason: "request-invalid",
    codes: [
      100,
      131008,
      131009,
      131051,
      [132000, 132001],
      132005,
      132007,
      132008,
      132012,
      132015,
      132016,
      132018,
      132068,
      132069,
      135000,
    ],
    effect: "never",
    remedy: "alert-developer",
    does: "Hilo, or a template, is wrong. A developer is told, and the message is not repeated.",
  },
  {
    reason: "account-blocked",
    codes: [0, 3, 10, 33, 190, [200, 299], 368, 131005, 131031, 131037, 131042, 131044, 131045, 133010],
    effect: "later",
    remedy: "stop-number",
    does: "The account, the number or the token may not send. Nothing is sent until a person has seen to it; then this is.",
  },
  {
    reason: "not-supported",
    codes: [131020, 131041, [131201, 131215], [138000, 138013], [139100, 139103], [147001, 147005]],
    effect: "never",
    remedy: "alert-developer",
    does: "An error of groups, calls, block lists or usernames, which Hilo does not send to. A developer is told.",
  },
];

/** For an answer without a code, or with one that is nowhere documented; and for none at all. */
export const otherwise = {
  throttled: {
    when: "HTTP 429",
    reason: "rate-limited",
    effect: "later",
    remedy: "slow-number",
    does: "As above.",
  },
  unauthorized: {
    when: "HTTP 401",
    reason: "account-blocked",
    effect: "later",
    remedy: "stop-number",
    does: "As above.",
  },
  refused: {
    when: "any other HTTP 4xx, except 408 and what Meta calls transient",
    reason: "http-<status>",
    effect: "never",
    remedy: "alert-developer",
    does: "Refused for a reason that Hilo does not know. A developer is told.",
  },
  unclear: {
    when: "any other HTTP status",
    reason: "http-<status>",
    effect: "uncertain",
    does: "As after a fault of theirs.",
  },
  timeout: {
    when: "no answer in time",
    reason: "timeout",
    effect: "uncertain",
    does: "As after a fault of theirs.",
  },
  connectionLost: {
    when: "the connection broke",
    reason: "connection-lost",
    effect: "uncertain",
    does: "As after a fault of theirs.",
  },
  notConnected: {
    when: "no connection: refused, no such host, no TLS",
    reason: "not-connected",
    effect: "later",
    does: "Not a byte of the request left. It is tried again.",
  },
} as const satisfies Record<string, Verdict & { when: string }>;
