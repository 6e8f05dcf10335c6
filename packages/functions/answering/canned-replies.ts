/** What is said without a model: short, the same every time, in the customer's language. */
import { createHash } from "node:crypto";
import { detectLanguage } from "#core/clients/language.ts";
import { type Answer, type AnswerRequest, openTurns } from "#core/clients/model.ts";
import { offerHuman, plain } from "#core/clients/offline-replies.ts";
import { wording } from "#core/clients/offline-wording.ts";
import type { Language } from "#core/clients/stop-words.ts";
import { languages } from "#core/clients/terms.ts";

type Canned = {
  /** The answer takes a while. */
  holding: string;
  /** The model won't, or must not, answer this. */
  declined: string;
  /** What may be spent today is spent. */
  spent: string;
};

export const canned: Record<Language, Canned> = {
  en: {
    holding: "One moment, please, I'm looking into it.",
    declined: "I can't help with that here.",
    spent: "That's as much as I can answer today.",
  },
  es: {
    holding: "Un momento, por favor, lo estoy mirando.",
    declined: "Con eso no te puedo ayudar por aquí.",
    spent: "Por hoy no puedo contestar más.",
  },
  pt: {
    holding: "Um momento, por favor, estou verificando.",
    declined: "Com isso não posso ajudar por aqui.",
    spent: "Por hoje não consigo responder mais.",
  },
};

/** Who `ReplyGenerated` says has written them. */
export const cannedModelId = "canned";

const promptHash = createHash("sha256")
  .update(JSON.stringify([canned, wording]))
  .digest("hex");

/** An offer of a person, because of what the model did; `because` is recorded. */
export const offerPerson = (what: "declined" | "spent", language: Language, because: string): Answer => ({
  ...cannedAnswer(language, because),
  ...offerHuman(canned[language][what], 1, wording[language]),
  needsHuman: false,
});

/** A person comes: said by us, for the model may have promised something else. */
export const handOver = (language: Language, because: string): Answer => ({
  ...cannedAnswer(language, because),
  ...plain("hand-over", wording[language].handOver),
  needsHuman: true,
});

const cannedAnswer = (language: Language, because: string) => ({
  language,
  model: { id: cannedModelId, source: "offline" as const, parameters: { because } },
  promptHash,
});

/** The language to say it in: what was just written tells, or what was spoken before. */
export const languageOf = async (request: AnswerRequest): Promise<Language> => {
  const text = openTurns(request)
    .map((turn) => turn.text ?? "")
    .join("\n");
  return detectLanguage(text, { known: languages, conversation: request.language });
};
