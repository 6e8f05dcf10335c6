/** A model behind the emulator's Bedrock, in the shapes of OpenAI's chat completions: it says what it was asked. */
import * as z from "zod";
import { type StandIn, startStandIn } from "#core/testing/http-stand-in.ts";
import { answerForm } from "#core/clients/prompted/answer-form.ts";

const Asked = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string().nullish() })),
});

/** What it replies to a question. */
export const replyTo = (question: string): string => `You asked: ${question}`;

export const startModel = (): Promise<StandIn> =>
  startStandIn(({ body }) => {
    const { messages } = Asked.parse(body);
    const said = messages.findLast(({ role }) => role === "user")?.content ?? "";
    const question = /<untrusted from="customer">\n(.*)\n<\/untrusted>/.exec(said)?.[1] ?? "nothing";
    const answer = {
      reply: replyTo(question),
      language: "en",
      intent: "answer",
      sentiment: "neutral",
      confidence: 0.9,
      needsHuman: false,
      sources: [],
      choices: [],
    };
    const call = { name: answerForm.name, arguments: JSON.stringify(answer) };
    return {
      status: 200,
      body: {
        choices: [
          {
            message: { role: "assistant", tool_calls: [{ id: "call-1", type: "function", function: call }] },
          },
        ],
        usage: { prompt_tokens: 1_000, completion_tokens: 50 },
      },
    };
  });
