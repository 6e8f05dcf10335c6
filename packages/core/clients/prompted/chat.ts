/**
 * One exchange with a model that speaks, whoever serves it: what Bedrock's Converse and OpenAI's chat completions
 * have in common. Everything that is said to a model passes through here, and no vendor's type does.
 */
import type { ModelUse } from "../../events/conversation.ts";
import { jsonOf } from "../limited-body.ts";
import type { Declined, ToolCall, ToolOffer } from "../model.ts";

/** `untrusted` has been wrapped; a guardrail looks at it. */
export type Part = { text: string; untrusted?: true };

export type ChatTurn = { from: "customer" | "business"; parts: Part[] };

/** The form that the model must answer in: an object of this JSON Schema. */
export type OutputForm = { name: string; description: string; schema: Record<string, unknown> };

export type ChatOpening = {
  /** The same for everyone, so that it may be cached. */
  instructions: string;
  /** What this exchange alone is told besides. May be empty. */
  material: string;
  /** In turns, beginning and ending with the customer's. */
  turns: ChatTurn[];
  tools: readonly ToolOffer[];
  output: OutputForm;
  outputTokensMax: number;
};

/** What came of a call that the model asked for. `text` has been wrapped as untrusted. */
export type ToolAnswer = Pick<ToolCall, "callId" | "name"> & { ok: boolean; text: string };

export type ChatStep = {
  /** Of all calls that the last reply asked for; none in the first step. */
  results: readonly ToolAnswer[];
  /** No tool may be asked for any more. */
  answerNow: boolean;
  signal: AbortSignal;
  /** Told of a request's tokens as soon as they are known: what comes after it may fail. */
  spent(tokens: TokenCounts): void;
};

export type TokenCounts = Pick<
  ModelUse,
  "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens"
>;

/** `output` is as the model gave it: of no particular shape, undefined where it is no JSON. */
export type ChatReply =
  | { stop: "output"; output: unknown }
  | { stop: "tools"; calls: ToolCall[] }
  | { stop: Declined["declined"] };

/** Begins an exchange; each step is one request, and remembers those before it. A step throws `ModelFault`s only. */
export type Chat = (opening: ChatOpening) => (step: ChatStep) => Promise<ChatReply>;

/** The object in a text that should be nothing but JSON: models like to fence it, or to say something first. */
export function jsonIn(text: string): unknown {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  if (start < 0 || end < start) return undefined;
  return jsonOf(text.slice(start, end + 1));
}
