/** Meta's weaknesses, each to be switched on: what it does to a send, and a line for people. */
import * as z from "zod";
import type { ErrorCode } from "./graph-errors.ts";

/** Where in the life of a send a fault strikes. */
export type FaultEffect =
  /** Nothing is sent, and the answer says so, or says nothing of use. */
  | { strikes: "before"; error: ErrorCode }
  /** The message is sent, and the answer does not say so. */
  | { strikes: "after"; answer: "silence" | "broken-off" | ErrorCode }
  | { strikes: "answer-time"; delayMs: number }
  /** Accepted, and then reported as failed. */
  | { strikes: "delivery"; error: ErrorCode }
  | { strikes: "statuses"; how: StatusFault }
  /** What became of a send can't be asked. */
  | { strikes: "history" };

export type StatusFault = "repeated" | "reversed" | "withheld" | "contradicted";

type Fault = { group: string; title: string; line: string; effect: FaultEffect };

/** In the order in which they are shown; where several strike at the same point, the first does. */
const table = {
  "timeout-after-effect": {
    group: "Sent, but the answer doesn't say so",
    title: "Sent, then silence",
    line: "The message arrives; the call is never answered and times out.",
    effect: { strikes: "after", answer: "silence" },
  },
  "connection-lost-after-effect": {
    group: "Sent, but the answer doesn't say so",
    title: "Sent, then the connection drops",
    line: "The message arrives; the connection ends before the answer.",
    effect: { strikes: "after", answer: "broken-off" },
  },
  "5xx-after-effect": {
    group: "Sent, but the answer doesn't say so",
    title: "Sent, then a server error",
    line: "The message arrives; the answer is HTTP 500, error 131000.",
    effect: { strikes: "after", answer: 131000 },
  },
  "slow-answers": {
    group: "Sent, but the answer doesn't say so",
    title: "Slow answers",
    line: "Every send is answered three seconds late, after its first statuses.",
    effect: { strikes: "answer-time", delayMs: 3_000 },
  },
  "5xx-before-effect": {
    group: "Not sent",
    title: "Server error, nothing sent",
    line: "HTTP 500, error 131000, just as above; but no message arrives.",
    effect: { strikes: "before", error: 131000 },
  },
  "rate-limited": {
    group: "Not sent",
    title: "Number too fast (130429)",
    line: "The number has sent too much: everything it sends must slow down.",
    effect: { strikes: "before", error: 130429 },
  },
  "pair-rate-limited": {
    group: "Not sent",
    title: "Too much to one customer (131056)",
    line: "Only the sends to this customer must wait.",
    effect: { strikes: "before", error: 131056 },
  },
  "window-closed": {
    group: "Not sent",
    title: "24-hour window closed (131047)",
    line: "Refused at once: only a template may be sent now.",
    effect: { strikes: "before", error: 131047 },
  },
  undeliverable: {
    group: "Not sent",
    title: "Undeliverable (131026)",
    line: "Refused at once: this customer can't be reached.",
    effect: { strikes: "before", error: 131026 },
  },
  "token-expired": {
    group: "Not sent",
    title: "Access token expired (190)",
    line: "The account may send nothing until a person sees to it.",
    effect: { strikes: "before", error: 190 },
  },
  "account-blocked": {
    group: "Not sent",
    title: "Account blocked (368)",
    line: "Restricted for breaking a policy: a person must see to it.",
    effect: { strikes: "before", error: 368 },
  },
  "window-closed-later": {
    group: "Accepted, then failed",
    title: "Window closed, by status (131047)",
    line: "Accepted; a moment later a status says that it failed.",
    effect: { strikes: "delivery", error: 131047 },
  },
  "undeliverable-later": {
    group: "Accepted, then failed",
    title: "Undeliverable, by status (131026)",
    line: "Accepted; a moment later a status says that it failed.",
    effect: { strikes: "delivery", error: 131026 },
  },
  "duplicate-statuses": {
    group: "Statuses",
    title: "Duplicate statuses",
    line: "Every status comes three times.",
    effect: { strikes: "statuses", how: "repeated" },
  },
  "reordered-statuses": {
    group: "Statuses",
    title: "Reordered statuses",
    line: "The last status comes first: “delivered” before “sent”.",
    effect: { strikes: "statuses", how: "reversed" },
  },
  "contradicting-statuses": {
    group: "Statuses",
    title: "Contradicting statuses",
    line: "First “failed”, and then “delivered” all the same.",
    effect: { strikes: "statuses", how: "contradicted" },
  },
  "no-statuses": {
    group: "Statuses",
    title: "Statuses that never come",
    line: "The message arrives; nothing is ever said of it.",
    effect: { strikes: "statuses", how: "withheld" },
  },
  "silent-history": {
    group: "Message history",
    title: "Message history doesn't answer",
    line: "What became of a send can't be asked: the question times out.",
    effect: { strikes: "history" },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof table;
export const faultNames = Object.keys(table) as FaultName[];
export const FaultName = z.enum(faultNames);
export const faults: Readonly<Record<FaultName, Fault>> = table;

/** Names the faults of one request, for tests: `x-simulator-fault: no-statuses, timeout-after-effect`. */
export const faultHeader = "x-simulator-fault";

/** The faults that a request asks for, or the name that is none. */
export const namedFaults = (header: string | undefined): FaultName[] | { unknown: string } => {
  const names = (header ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !FaultName.safeParse(name).success);
  return unknown === undefined ? z.array(FaultName).parse(names) : { unknown };
};
