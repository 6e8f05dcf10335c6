import type { ModelUse } from "../events/conversation.ts";
import type { Turn } from "./model.ts";

export type SummaryRequest = {
  /** What came before these turns, as it was summarised then. */
  before?: Pick<Summary, "summary" | "facts" | "openQuestions">;
  /** Oldest first. */
  turns: Turn[];
  language?: string;
  timeoutMs?: number;
};

export type Summary = {
  /** At most 1,200 characters. */
  summary: string;
  /** At most 20, by a short English name; a later value replaces an earlier one of the same name. */
  facts: { name: string; value: string }[];
  /** At most 5. */
  openQuestions: string[];
  model: { id: string; source: "offline" | "bedrock" | "openai-compatible" };
  promptHash: string;
  use?: ModelUse;
};

/** The seam to whatever makes a conversation shorter. Has no effect; throws a `ModelFault` when it can't be reached. */
export type Summariser = { summarise(request: SummaryRequest): Promise<Summary> };
