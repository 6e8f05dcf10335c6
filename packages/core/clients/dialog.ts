import type { Choice } from "./model.ts";
import type { Language } from "./stop-words.ts";

/**
 * The seam to whatever leads structured dialogs: flows that ask for one slot after the other, have them confirmed,
 * and end. It keeps nothing: all that a turn needs comes in, and what the next one needs goes out.
 */
export type DialogLeader = {
  source: "lex" | "offline";
  /** Names what leads, as answers record it. */
  model: { id: string; parameters: Record<string, string | number | boolean> };
  /** Changes whenever the same turn could have another outcome. */
  promptHash: string;
  /** Those that flows are led in. */
  languages: readonly Language[];
  /** The words that belong to a flow: a question about nothing else is no digression from it. Empty where unknown. */
  about(flow: string, language: Language): string;
  /** Has no effect. Throws a `ModelFault` when it can't be reached in time. */
  turn(request: DialogRequest): Promise<DialogOutcome>;
};

export type DialogRequest = {
  /** Ours, the same for all turns of a dialog; says nothing of the customer. */
  dialogId: string;
  /** All that the customer has written since the last turn. */
  text: string;
  /** The id of the choice that the text is the title of. */
  choice?: string;
  language: Language;
  /** What "tomorrow" is counted from. */
  at: string;
  /** Absent where the customer is in no flow. */
  within?: { flow: string; state: string };
};

/** What to say. Choices come with their titles. */
export type Say = { text: string; choices?: Choice[] | undefined };

export type DialogOutcome =
  /** No flow begins with this; or the flow knows nothing of it and can't even ask again. */
  | { outcome: "not-mine" }
  /** `flow` is another than before where the customer has turned to that one. */
  | {
      outcome: "asks";
      flow: string;
      /** Where the flow knows better than it was told. */
      language?: Language;
      phase: "eliciting" | "confirming";
      /** The slot that is asked for. */
      slot?: string;
      say: Say;
      state: string;
      /** False where what the customer said was no answer to what was asked. */
      understood: boolean;
    }
  | { outcome: "leaves"; flow: string; because: "fulfilled"; slots: Record<string, string>; say: Say }
  | { outcome: "leaves"; flow: string; because: "declined" | "cancelled" | "failed"; say: Say };
