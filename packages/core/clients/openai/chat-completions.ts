/**
 * Any model behind an endpoint that speaks OpenAI's chat completions: llama.cpp, Ollama, vLLM and many others do.
 * Source: OpenAI's "Chat completions", "Structured outputs" and "Function calling".
 */
import * as z from "zod";
import { type Declined, ModelFault, type ToolCall } from "../model.ts";
import {
  type Chat,
  type ChatOpening,
  type ChatReply,
  type ChatStep,
  jsonIn,
  type TokenCounts,
} from "../prompted/chat.ts";
import { type Asked, caller, type OpenAiOptions } from "./call.ts";

type Message = Record<string, unknown>;

export const openAiChat = (options: OpenAiOptions): Chat => {
  const call = caller(options);
  return (opening) => {
    const messages = messagesOf(opening);
    return async ({ results, answerNow, signal, spent }) => {
      messages.push(
        ...results.map(({ callId, text }) => ({ role: "tool", tool_call_id: callId, content: text })),
      );
      const answer = await call(bodyOf(options.name, opening, messages, answerNow), signal);
      if ("declined" in answer) return { stop: answer.declined };
      const completion = Completion.safeParse(answer.body);
      const choice = completion.data?.choices[0];
      if (!completion.success || !choice) throw new ModelFault("unavailable", "later", unreadable(options));
      messages.push({ role: "assistant", ...choice.message });
      spent(tokensOf(completion.data));
      return replyOf(choice);
    };
  };
};

const unreadable = ({ url }: OpenAiOptions): string =>
  `${new URL(url).host} does not answer as chat completions do (HILO_MODEL_URL)`;

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string(),
                type: z.literal("function").default("function"),
                function: z.object({ name: z.string(), arguments: z.string() }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.int().default(0),
      completion_tokens: z.int().default(0),
      prompt_tokens_details: z.object({ cached_tokens: z.int().nullish() }).nullish(),
    })
    .nullish(),
});
type Completion = z.infer<typeof Completion>;

const messagesOf = ({ instructions, material, turns }: ChatOpening): Message[] => [
  { role: "system", content: [instructions, material].filter(Boolean).join("\n\n") },
  ...turns.map(({ from, parts }) => ({
    role: from === "customer" ? "user" : "assistant",
    content: parts.map(({ text }) => text).join("\n\n"),
  })),
];

const bodyOf = (
  model: string,
  { tools, output, outputTokensMax }: ChatOpening,
  messages: Message[],
  answerNow: ChatStep["answerNow"],
): Asked => ({
  model,
  messages,
  temperature: 0,
  max_tokens: outputTokensMax,
  response_format: {
    type: "json_schema",
    json_schema: { name: output.name, description: output.description, schema: output.schema, strict: true },
  },
  ...(tools.length > 0 && {
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      function: { name, description, parameters },
    })),
    tool_choice: answerNow ? "none" : "auto",
  }),
});

const replyOf = ({ message, finish_reason: reason }: Completion["choices"][number]): ChatReply => {
  const declined = message.refusal ? "refused" : declines.get(reason ?? "");
  if (declined) return { stop: declined };
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }): ToolCall => ({
    callId: id,
    name,
    arguments: jsonIn(text),
  }));
  if (calls.length > 0) return { stop: "tools", calls };
  return { stop: "output", output: jsonIn(message.content ?? "") };
};

const declines = new Map<string, Declined["declined"]>([
  ["length", "truncated"],
  ["content_filter", "refused"],
]);

const tokensOf = ({ usage }: Completion): TokenCounts => {
  const cacheReadTokens = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens: Math.max(0, (usage?.prompt_tokens ?? 0) - cacheReadTokens),
    outputTokens: usage?.completion_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens: 0,
  };
};
