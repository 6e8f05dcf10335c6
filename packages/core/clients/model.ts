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

export type AnswerRequest = {
  /** Oldest first, ending with at least one customer turn. What follows the last business turn is answered at once. */
  turns: Turn[];
  /** What the conversation has spoken so far (BCP 47); it decides for texts too short to tell. */
  language?: string;
};

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
  | "cannot-read";

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
  model: {
    id: string;
    source: "offline";
    parameters: Record<string, string | number | boolean>;
  };
  /** Changes whenever the same turns could be answered differently (D14). */
  promptHash: string;
};

export type Model = {
  /** Has no side effect, so asking twice is safe. Throws when no customer turn awaits an answer. */
  answer(request: AnswerRequest): Promise<Answer>;
};
