import {
  ApplyGuardrailCommand,
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandOutput,
  type Message,
} from "@aws-sdk/client-bedrock-runtime";
import { type Declined, ModelFault } from "../model.ts";
import { type Chat, type ChatOpening, type ChatReply, jsonIn } from "../prompted/chat.ts";
import { meaningOf } from "./converse-faults.ts";
import { byTool, messagesOf, requestOf, type RequestOptions, resultsMessage } from "./converse-request.ts";

export type BedrockChatOptions = RequestOptions & {
  /** Makes one attempt: whoever asks has another model to try, or no more time. */
  client: BedrockRuntimeClient;
};

/** A model of Bedrock's, by Converse: each step is one request. */
export const bedrockChat =
  (options: BedrockChatOptions): Chat =>
  (opening) => {
    const { client, profile, guardrail } = options;
    const messages = messagesOf(opening.turns, guardrail !== undefined);
    return async ({ results, answerNow, signal, spent }) => {
      if (results.length > 0) messages.push(resultsMessage(messages.at(-1), results, options));
      try {
        const request = requestOf(options, opening, messages, answerNow);
        const output = await client.send(new ConverseCommand(request), { abortSignal: signal });
        spent(tokensOf(output));
        const message = output.output?.message;
        if (message) messages.push(message);
        const reply = replyOf(output, message, opening);
        return (await passes(reply, options, opening, signal)) ? reply : { stop: "guardrail" };
      } catch (error) {
        const meaning = meaningOf(error, profile);
        if (meaning instanceof ModelFault) throw meaning;
        return { stop: meaning };
      }
    };
  };

const tokensOf = ({ usage }: ConverseCommandOutput) => ({
  inputTokens: usage?.inputTokens ?? 0,
  outputTokens: usage?.outputTokens ?? 0,
  cacheReadTokens: usage?.cacheReadInputTokens ?? 0,
  cacheWriteTokens: usage?.cacheWriteInputTokens ?? 0,
});

const replyOf = (
  { stopReason }: ConverseCommandOutput,
  message: Message | undefined,
  { output }: ChatOpening,
): ChatReply => {
  const declined = stopReason === undefined ? "malformed" : declines.get(stopReason);
  if (declined) return { stop: declined };
  const content = message?.content ?? [];
  const uses = content.flatMap(({ toolUse }) => (toolUse ? [toolUse] : []));
  const calls = uses
    .filter(({ name }) => name !== output.name)
    .map(({ toolUseId = "", name = "", input }) => ({ callId: toolUseId, name, arguments: input }));
  if (calls.length > 0) return { stop: "tools", calls };
  const answer = uses.find(({ name }) => name === output.name);
  return { stop: "output", output: answer ? answer.input : jsonIn(textOf(content)) };
};

/** By name, for a model may stop for reasons that the SDK does not list yet: Claude's refusal is one. */
const declines = new Map<string, Declined["declined"]>([
  ["guardrail_intervened", "guardrail"],
  ["content_filtered", "refused"],
  ["refusal", "refused"],
  ["max_tokens", "truncated"],
  ["malformed_model_output", "malformed"],
  ["malformed_tool_use", "malformed"],
  ["model_context_window_exceeded", "too-long"],
]);

const textOf = (content: readonly ContentBlock[]): string => content.map(({ text = "" }) => text).join("\n");

/** Converse's guardrail does not look into a tool's arguments, and that is where the answer is: so it is asked again. */
const passes = async (
  reply: ChatReply,
  { client, entry, guardrail }: BedrockChatOptions,
  opening: ChatOpening,
  signal: AbortSignal,
): Promise<boolean> => {
  if (!guardrail || reply.stop !== "output" || !byTool(entry, opening)) return true;
  const text = JSON.stringify(reply.output ?? "");
  const { action } = await client.send(
    new ApplyGuardrailCommand({
      guardrailIdentifier: guardrail.id,
      guardrailVersion: guardrail.version,
      source: "OUTPUT",
      content: [{ text: { text } }],
    }),
    { abortSignal: signal },
  );
  return action === "NONE";
};
