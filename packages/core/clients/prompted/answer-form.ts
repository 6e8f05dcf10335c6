/** The form that a model answers in, and what is made of it. */
import * as z from "zod";
import { Sentiment } from "../../events/conversation.ts";
import { withoutGluedSentences } from "../links.ts";
import type { Answer, Choice, Intent } from "../model.ts";
import { limits } from "../whatsapp/limits.ts";
import { cutAtSentence, textCodePointsMax, whatsappText } from "../whatsapp-text.ts";
import type { OutputForm } from "./chat.ts";
import { visible } from "./untrusted.ts";

const intents = [
  "answer",
  "greeting",
  "thanks",
  "closing",
  "offer-human",
  "hand-over",
  "cannot-read",
] as const satisfies readonly Intent[];

/** All are required and none is bounded: that much of JSON Schema every vendor takes. */
const AnswerForm = z.strictObject({
  reply: z.string().describe("What the customer reads. Short: at most 90 words."),
  language: z.string().describe("The language of the reply, as BCP 47, such as es or en-GB."),
  intent: z.enum(intents).describe("What the reply does."),
  sentiment: Sentiment.describe("How the customer feels, by their last messages."),
  confidence: z.number().describe("0 to 1: how much of the question the passages and tools answer."),
  needsHuman: z.boolean().describe("True only when a person must take over now."),
  sources: z.array(z.string()).describe("The source of each passage that the reply uses, best first."),
  choices: z
    .array(z.string())
    .describe("Up to three short answers to tap, at most 20 characters each; none where nothing is asked."),
});

/** What matters must be there; what can be done without may be missing or wrong. */
const Answered = z.object({
  ...AnswerForm.pick({ reply: true, language: true, intent: true, needsHuman: true }).shape,
  sentiment: Sentiment.optional().catch(undefined),
  confidence: z.coerce.number().min(0).max(1).catch(0),
  sources: z.array(z.string()).catch([]),
  choices: z.array(z.string()).catch([]),
});

export const answerForm: OutputForm = {
  name: "final-answer",
  description: "Gives the customer your answer. Use it once, when you know what to say.",
  schema: schemaOf(AnswerForm),
};

export type Shown = {
  /** The sources of the passages that the model was shown. */
  sources: ReadonlySet<string>;
  /** Whether a tool had a say: then an answer may do without sources. */
  usedTools: boolean;
  /** For a model that names no language that there is. */
  language: string;
};

type Read = Pick<
  Answer,
  "text" | "language" | "intent" | "confidence" | "needsHuman" | "choices" | "sources" | "sentiment"
>;

/** The answer in the form's words; undefined where it can't be made out. */
export function readAnswer(output: unknown, shown: Shown): Read | undefined {
  const parsed = Answered.safeParse(output);
  if (!parsed.success) return undefined;
  const { reply, needsHuman, language, sentiment, confidence } = parsed.data;
  const text = cutAtSentence(withoutGluedSentences(whatsappText(visible(reply))), textCodePointsMax);
  if (text === "") return undefined;
  const intent = needsHuman ? "hand-over" : parsed.data.intent;
  const sources = [...new Set(parsed.data.sources)].filter((source) => shown.sources.has(source));
  const choices = choicesOf(parsed.data.choices);
  return {
    text,
    language: bcp47.test(language) ? language : shown.language,
    intent,
    confidence: intent === "answer" && sources.length === 0 && !shown.usedTools ? 0 : confidence,
    needsHuman: intent === "hand-over",
    sources,
    ...(choices.length > 0 && { choices }),
    ...(sentiment !== undefined && { sentiment }),
  };
}

/** Language, script and region, and nothing that has room for more: it is recorded as it is, for anyone to read. */
const bcp47 = /^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/;

function choicesOf(titles: string[]): Choice[] {
  const { buttons } = limits;
  const fitting = titles
    .map((title) => visible(title).trim())
    .filter((title) => title !== "" && !title.includes("\n") && [...title].length <= buttons.title);
  return [...new Set(fitting)]
    .slice(0, buttons.count)
    .map((title, index) => ({ id: `choice-${index + 1}`, title }));
}

/** Without `$schema`, which some vendors refuse. */
export function schemaOf(form: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(form);
  return schema;
}
