/** Between the model that asks for a tool and the domain that decides: every call is recorded, and none throws. */
import { createHash } from "node:crypto";
import type { AnswerRequest, ToolCall, ToolResult, Tools } from "#core/clients/model.ts";
import { decideUseTool, judgeToolUse, type ToolRequest, type UseTool } from "#core/domain/tools.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import type { Tool, ToolScope } from "#functions/tools/tool.ts";
import { showsMedia } from "./hint-of.ts";
import { describeError, type Log } from "#functions/shared/log.ts";

export type UseToolsDeps = HandleDeps & { log: Log; toolbox: readonly Tool[] };

type Used = Pick<EventOf<"ToolUsed">["data"], "outcome" | "reason" | "result">;

/** A tool that takes longer has failed. */
export const toolMsMax = 3_000;
const argumentsCharactersMax = 2_000;
const resultCharactersMax = 4_000;

/** The tools of one reply. `needsPerson` tells whether any call came to that. */
export const toolsFor = (
  deps: UseToolsDeps,
  { stream, replyId, causationId }: { stream: string; replyId: string; causationId: string },
  request: AnswerRequest,
  giveUpAtMs: number,
): Tools & { needsPerson(): boolean } => {
  let needed = false;
  let saw = showsMedia(request);
  let queue: Promise<unknown> = Promise.resolve();

  const useOne = async (call: ToolCall): Promise<ToolResult> => {
    const timeoutMs = Math.min(toolMsMax, giveUpAtMs - deps.clock().getTime());
    const used = await record(deps, stream, causationId, asked(deps, replyId, call, saw), call, timeoutMs);
    needed ||= used.outcome === "needs-person";
    saw ||= used.outcome === "answered";
    return resultOf(used);
  };

  return {
    offered: deps.toolbox.map(({ offer }) => offer),
    // one after the other: the number of calls is bounded, and what one has shown matters to the next
    use(call) {
      const turn = queue
        .then(() => useOne(call))
        .catch((error: unknown) => {
          deps.log("error", "a tool could not be used", { stream, error: describeError(error) });
          return resultOf({ outcome: "failed", reason: "fault" });
        });
      queue = turn;
      return turn;
    },
    needsPerson: () => needed,
  };
};

const toolOf = ({ toolbox }: UseToolsDeps, name: string): Tool | undefined =>
  toolbox.find(({ policy }) => policy.name === name);

const asked = (deps: UseToolsDeps, replyId: string, call: ToolCall, saw: boolean): ToolRequest => {
  const known = toolOf(deps, call.name);
  return {
    replyId,
    callId: shortened(call.callId),
    // a name that is none of ours is the model's own words
    tool: known?.policy.name ?? "unknown",
    policy: known?.policy,
    argumentsValid:
      argumentsText(call).length <= argumentsCharactersMax && known?.prepare(call.arguments) !== undefined,
    sawUntrusted: saw,
  };
};

/** The id is the model's own words, too: it is recorded in the clear, and names what came of the call. */
const shortened = (callId: string): string => createHash("sha256").update(callId).digest("hex").slice(0, 16);

const argumentsText = ({ arguments: given }: ToolCall): string => JSON.stringify(given) ?? "null";

/** Judges the call, runs it if it may, and records what came of it. */
const record = async (
  deps: UseToolsDeps,
  stream: string,
  causationId: string,
  request: ToolRequest,
  call: ToolCall,
  timeoutMs: number,
): Promise<Used> => {
  const { state } = await load(deps.store, stream);
  const judged = judgeToolUse(state, request);
  if (judged.verdict === "repeated") return judged;
  const answer =
    judged.verdict === "run" ? await run(deps, call, scopeOf(state.contact), timeoutMs) : undefined;
  const command: UseTool = {
    ...request,
    arguments: argumentsText(call).slice(0, argumentsCharactersMax),
    ...(answer && { answer }),
  };
  const { events } = await handle(deps, stream, (now) => decideUseTool(now, command), causationId);
  const [used] = events;
  if (used?.type === "ToolUsed") return used.data;
  return judged.verdict === "settled" ? judged : { outcome: "refused", reason: "overtaken" };
};

const scopeOf = ({ phone, userId }: { phone?: string; userId?: string }): ToolScope => ({
  ...(phone !== undefined && { phone }),
  ...(userId !== undefined && { userId }),
});

const run = async (
  deps: UseToolsDeps,
  call: ToolCall,
  scope: ToolScope,
  timeoutMs: number,
): Promise<UseTool["answer"]> => {
  if (timeoutMs <= 0) return { outcome: "failed", reason: "no-time-left" };
  try {
    const made = await toolOf(deps, call.name)?.prepare(call.arguments)?.run({ scope, timeoutMs });
    const result = JSON.stringify(made ?? null);
    return result.length > resultCharactersMax
      ? { outcome: "failed", reason: "result-too-long" }
      : { outcome: "answered", result };
  } catch (error) {
    deps.log("warn", "a tool failed", { error: describeError(error) });
    return { outcome: "failed", reason: "fault" };
  }
};

/** What the model is told. */
const resultOf = ({ outcome, reason, result }: Used): ToolResult =>
  outcome === "answered"
    ? { ok: true, content: result ?? "null" }
    : { ok: false, content: JSON.stringify({ outcome, ...(reason && { reason }) }) };
