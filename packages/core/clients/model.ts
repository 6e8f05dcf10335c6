import type { ModelUse, Sentiment } from "../events/conversation.ts";

/**
 * The seam to whatever writes the answers.
 * Nothing here knows of conversations, events or WhatsApp's API: turns go in, one answer comes out.
 */

/** One thing said. `text` is the customer's own words or caption, absent for media without one. */
export type Turn = {
  from: "customer" | "business";
  /** As WhatsApp names it: "text", "image", "audio", "document", "location", … */
  kind: string;
  text?: string;
};

/** What awaits an answer: all that was said since the business last spoke. */
export const openTurns = ({ turns }: Pick<AnswerRequest, "turns">): Turn[] =>
  turns.slice(turns.findLastIndex(({ from }) => from === "business") + 1);

export type AnswerRequest = {
  /** Oldest first, ending with at least one customer turn. What follows the last business turn is answered at once. */
  turns: Turn[];
  /** What the conversation has spoken so far (BCP 47); it decides for texts too short to tell. */
  language?: string;
  /** What came before the turns, in fewer words. */
  summary?: string;
  /** What is known of the customer, such as { name: "diet", value: "gluten-free" }. */
  facts?: { name: string; value: string }[];
  openQuestions?: string[];
  /** What was found in media that the customer sent: untrusted, as all that a customer sends. */
  findings?: string[];
  tools?: Tools;
  /** How long the answer may take, its tools included. None is tried for longer. */
  timeoutMs?: number;
};

/** What the model may ask for. Whether it gets it is not the model's to decide. */
export type Tools = {
  offered: ToolOffer[];
  /** Decides, does and records it. Never throws: what went wrong is said in the result. Any text is untrusted. */
  use(call: ToolCall): Promise<ToolResult>;
};
export type ToolOffer = {
  /** Lower case and hyphens, at most 64 characters. */
  name: string;
  description: string;
  /** JSON Schema of the arguments, an object's. */
  parameters: Record<string, unknown>;
};
export type ToolCall = { callId: string; name: string; arguments: unknown };
export type ToolResult = { ok: boolean; /** JSON, or what to tell the customer. */ content: string };

export type Intent =
  | "answer"
  | "greeting"
  | "thanks"
  /** Nothing left to say: an "ok", a goodbye, or "no" to an offered person. */
  | "closing"
  /** The answer is unknown, or the customer asks whether this is a machine: a person is offered. */
  | "offer-human"
  /** The customer asked for a person, or accepted one. */
  | "hand-over"
  /** Media that this model cannot look at or listen to. */
  | "cannot-read"
  /** A turn of a structured dialog, which leads where no model does. */
  | "dialog";

/** An answer that the customer may tap instead of writing. `title` is at most 20 characters, and says it all. */
export type Choice = { id: string; title: string };

export type Answer = {
  /** WhatsApp text, at most 4,096 code points, never empty. */
  text: string;
  /** The language that `text` is written in (BCP 47). */
  language: string;
  intent: Intent;
  /** 0 to 1: how much of the question the sources cover. 1 where nothing had to be looked up. */
  confidence: number;
  /** A person must take over now. True exactly when `intent` is "hand-over". */
  needsHuman: boolean;
  /** Up to ten, where the text asks for a choice. */
  choices?: Choice[];
  /** Where the answer was found, most relevant first, such as "opening-hours.es.md#horario-habitual". */
  sources: string[];
  /** Those that the business wrote in what it was shown, as `linksIn` finds them: they may be said. Not recorded. */
  links?: readonly string[];
  model: {
    id: string;
    source: "offline" | "bedrock" | "openai-compatible" | "lex";
    parameters: Record<string, string | number | boolean>;
  };
  /** Changes whenever the same turns could be answered differently (D14). */
  promptHash: string;
  /** The customer's, as the model judges it. */
  sentiment?: Sentiment;
  /** Absent where nothing was paid for. */
  use?: ModelUse;
};

/** Why a model has no answer although it was reached. Another may have one, but for what is not to be answered. */
export type Declined = {
  declined: "refused" | "guardrail" | "malformed" | "truncated" | "too-long";
  use?: ModelUse;
};

/** The model could not be reached, or not in time. `retry: "never"` is our own fault, such as a wrong id or no access. */
export class ModelFault extends Error {
  override name = "ModelFault";
  readonly kind: "throttled" | "timeout" | "unavailable" | "invalid";
  readonly retry: "later" | "never";
  /** What was paid for before it failed. */
  readonly use: ModelUse | undefined;
  constructor(
    kind: ModelFault["kind"],
    retry: ModelFault["retry"],
    message: string,
    { use, ...options }: ErrorOptions & { use?: ModelUse } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.retry = retry;
    this.use = use;
  }
}

/** What a model answers from could not be reached: that says nothing of the model. */
export class KnowledgeFault extends ModelFault {}

export type Model = {
  /**
   * Has no effect but what its tools have, so asking twice is safe. Throws when no customer turn awaits an answer,
   * and a `ModelFault` when the model can't be reached.
   */
  answer(request: AnswerRequest): Promise<Answer | Declined>;
};
