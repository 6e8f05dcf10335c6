/** What is said without a model: short, the same every time, in the customer's language. */
import { createHash } from "node:crypto";
import { detectLanguage } from "#core/clients/language.ts";
import type { Answer, AnswerRequest } from "#core/clients/model.ts";
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

const promptHash = createHash("sha256")
  .update(JSON.stringify([canned, wording]))
  .digest("hex");

/** An offer of a person, because of what the model did; `because` is recorded. */
export const offerPerson = (what: "declined" | "spent", language: Language, because: string): Answer => {
  const say = wording[language];
  return {
    ...cannedAnswer(`${canned[language][what]} ${say.offer}`, language, because),
    intent: "offer-human",
    needsHuman: false,
    choices: [
      { id: "human-yes", title: say.yesPlease },
      { id: "human-no", title: say.noThanks },
    ],
  };
};

/** A person comes: said by us, for the model may have promised something else. */
export const handOver = (language: Language, because: string): Answer => ({
  ...cannedAnswer(wording[language].handOver, language, because),
  intent: "hand-over",
  needsHuman: true,
});

const cannedAnswer = (text: string, language: Language, because: string) => ({
  text,
  language,
  confidence: 1,
  sources: [],
  model: { id: "canned", source: "offline" as const, parameters: { because } },
  promptHash,
});

/** The language to say it in: what was just written tells, or what was spoken before. */
export const languageOf = async ({ turns, language }: AnswerRequest): Promise<Language> => {
  const last = turns.findLastIndex(({ from }) => from === "business");
  const text = turns
    .slice(last + 1)
    .map((turn) => turn.text ?? "")
    .join("\n");
  return detectLanguage(text, { known: languages, conversation: language });
};
