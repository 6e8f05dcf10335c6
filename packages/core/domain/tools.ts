/** The model may ask; this decides. Nothing that it says chooses whose data is read, and nothing that matters is done without a person. */
import type { EventOf } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import { reasonToWithhold } from "./reply.ts";

/** What a tool does to the world. `hand-over` asks for a person; `money` and `personal-data` always need one. */
export type Effect = "reads" | "writes" | "hand-over" | "money" | "personal-data";

export type ToolPolicy = { name: string; effect: Effect };

export type ToolRequest = {
  replyId: string;
  callId: string;
  tool: string;
  /** Undefined when no such tool was offered. */
  policy: ToolPolicy | undefined;
  argumentsValid: boolean;
  /** The model has seen what neither the business nor this customer wrote as text: a file's content, a tool's result. */
  sawUntrusted: boolean;
};

type Outcome = EventOf<"ToolUsed">["data"]["outcome"];

export type ToolVerdict =
  | { verdict: "run" }
  /** Settled without the tool being run. */
  | { verdict: "settled"; outcome: Exclude<Outcome, "answered" | "failed">; reason: string }
  /** Asked for before under this id: the same again. */
  | ({ verdict: "repeated" } & Pick<EventOf<"ToolUsed">["data"], "outcome" | "reason" | "result">);

/** More than these, in one reply, and the model is going in circles. */
export const toolCallsMax = 3;

export const judgeToolUse = (state: Conversation, request: ToolRequest): ToolVerdict => {
  const { replyId, callId, policy } = request;
  const calls = state.reply?.replyId === replyId ? state.reply.calls : {};
  const known = Object.hasOwn(calls, callId) ? calls[callId] : undefined;
  if (known) return { verdict: "repeated", ...known };
  const refused = (reason: string): ToolVerdict => ({ verdict: "settled", outcome: "refused", reason });
  const withheld = reasonToWithhold(state, replyId);
  if (withheld) return refused(withheld);
  if (!policy) return refused("no-such-tool");
  if (Object.keys(calls).length >= toolCallsMax) return refused("too-many-calls");
  if (!request.argumentsValid) return refused("invalid-arguments");
  const because = whyPerson(policy.effect, request.sawUntrusted);
  return because ? { verdict: "settled", outcome: "needs-person", reason: because } : { verdict: "run" };
};

const whyPerson = (effect: Effect, sawUntrusted: boolean): string | undefined => {
  switch (effect) {
    case "reads":
      return undefined;
    case "writes":
      return sawUntrusted ? "untrusted-content" : undefined;
    case "hand-over":
      return "asked-for";
    case "money":
      return "moves-money";
    case "personal-data":
      return "changes-personal-data";
  }
};

export type UseTool = ToolRequest & {
  arguments: string;
  /** Of the tool that was run. */
  answer?: { outcome: "answered" | "failed"; reason?: string; result?: string };
};

/** Records a call and what came of it, once. What the verdict did not allow is recorded as refused, whatever ran. */
export const decideUseTool = (state: Conversation, command: UseTool): Decision => {
  if (state.erased || state.reply?.replyId !== command.replyId) return [];
  const judged = judgeToolUse(state, command);
  if (judged.verdict === "repeated") return [];
  // one such call says all that a hundred would
  if (Object.keys(state.reply.calls).length > toolCallsMax) return [];
  const { replyId, callId, tool, answer } = command;
  const settled =
    judged.verdict === "settled"
      ? { outcome: judged.outcome, reason: judged.reason }
      : (answer ?? { outcome: "failed" as const, reason: "not-run" });
  return [{ type: "ToolUsed", data: { replyId, callId, tool, arguments: command.arguments, ...settled } }];
};
