import { createHash } from "node:crypto";
import type { Knowledge } from "./knowledge.ts";
import { detectLanguage } from "./language.ts";
import type { Answer, AnswerRequest, Turn } from "./model.ts";
import { findAnswers, limits, type Findings } from "./offline-answers.ts";
import { answerWith, cannotRead, greet, offerHuman, plain, type Reply } from "./offline-replies.ts";
import { wording, type Wording } from "./offline-wording.ts";
import { asksForHuman, asksWhetherMachine, beginsWith, has, isJust, justNamesPerson } from "./small-talk.ts";
import * as smallTalk from "./small-talk-phrases.ts";
import type { Language } from "./stop-words.ts";
import { wordsOf } from "./terms.ts";
import { textCodePointsMax } from "./whatsapp-text.ts";

/** `languages` are those to recognise and answer in, the default first; all of the knowledge base's when absent. */
export type OfflineModelOptions = { knowledge: Knowledge; languages?: readonly Language[] };

/** As its answers record it. */
export const offlineModelId = "hilo-extractive-1";
const turnsMax = 20;

/**
 * Answers with passages of the knowledge base, word for word, and generates nothing: what a customer writes
 * chooses passages but never appears in an answer, so there is no prompt to inject into.
 * The same turns always get the same answer.
 */
export function offlineModel({ knowledge, languages = knowledge.languages }: OfflineModelOptions): {
  answer(request: AnswerRequest): Promise<Answer>;
} {
  const made = {
    model: {
      id: offlineModelId,
      source: "offline" as const,
      parameters: { ...limits, languages: languages.join(" ") },
    },
  };
  const promptHash = createHash("sha256")
    .update(JSON.stringify([made, knowledge.hash, wording, smallTalk]))
    .digest("hex");
  return {
    answer: async (request) => {
      const heard = hear(request);
      const language = await languageOf(heard, languages, request.language);
      const asking = heard.offered ? heard.texts.filter((text) => !declinesKindly(text)) : heard.texts;
      const find = () => findAnswers(knowledge, asking, heard.earlier, language);
      const reply = await replyTo(heard, find, wording[language], knowledge.topics(language));
      return { ...reply, language, needsHuman: reply.intent === "hand-over", ...made, promptHash };
    },
  };
}

type Heard = {
  /** What the customer wrote since the business last spoke. */
  texts: string[];
  /** The kinds of what came besides text. */
  media: string[];
  earlier: string[];
  /** The business's last words offered a person. */
  offered: boolean;
};

function hear({ turns }: AnswerRequest): Heard {
  const last = turns.findLastIndex((turn) => turn.from === "business");
  const burst = turns.slice(last + 1).slice(-turnsMax);
  if (burst.length === 0) throw new Error("No customer turn awaits an answer");
  const spoken = turns[last]?.text ?? "";
  return {
    texts: textsOf(burst),
    media: burst.map((turn) => turn.kind).filter((kind) => !textKinds.has(kind)),
    earlier: textsOf(
      turns
        .slice(0, last + 1)
        .filter((turn) => turn.from === "customer")
        .slice(-turnsMax),
    ),
    offered: Object.values(wording).some(({ offer }) => spoken.includes(offer)),
  };
}

/** Those with nothing to look at beyond their text. A sticker or reaction alone asks nothing. */
const textKinds = new Set(["text", "button", "interactive", "sticker", "reaction"]);

function textsOf(turns: Turn[]): string[] {
  return turns.flatMap(({ text }) =>
    text === undefined || text.trim() === "" ? [] : [text.slice(0, textCodePointsMax)],
  );
}

async function languageOf(
  { texts, earlier }: Heard,
  known: readonly Language[],
  spoken: string | undefined,
): Promise<Language> {
  const conversation =
    spoken ?? (earlier.length > 0 ? await detectLanguage(earlier.join("\n"), { known }) : undefined);
  return detectLanguage(texts.join("\n"), { known, conversation });
}

async function replyTo(
  heard: Heard,
  find: () => Promise<Findings>,
  say: Wording,
  topics: string[],
): Promise<Reply> {
  const { texts, media, offered } = heard;
  if (texts.some(asksWhetherMachine)) return offerHuman(say.machine, 1, say);
  if (texts.some((text) => asksForHuman(text) || justNamesPerson(text)))
    return plain("hand-over", say.handOver);
  const choice = offered ? choiceIn(texts) : undefined;
  if (choice === "yes") return plain("hand-over", say.handOver);
  const findings = await find();
  if (findings.passages.length > 0) return answerWith(findings, media, say);
  if (choice === "no") return plain("closing", say.closing);
  if (offered && texts.some((text) => beginsWith(text, "yes"))) return plain("hand-over", say.handOver);
  if (media.length > 0) return plain("cannot-read", cannotRead(media, say));
  if (texts.every(isSmallTalk)) return smallTalkReply(texts, say, topics);
  return offerHuman(say.unknown, findings.confidence, say);
}

/** The last plain yes or no to the offered person. "Please" is a yes, "thanks" alone is neither. */
function choiceIn(texts: string[]): "yes" | "no" | undefined {
  const plainly = texts.findLast(
    (text) => isJust(text, ["yes", "no", "please", "praise", "thanks"]) && !isJust(text, ["thanks"]),
  );
  if (plainly === undefined) return texts.some(declinesKindly) ? "no" : undefined;
  return beginsWith(plainly, "no") ? "no" : "yes";
}

/** "No thanks, I found it myself." */
function declinesKindly(text: string): boolean {
  return beginsWith(text, "no") && has(text, "thanks") && !text.includes("?");
}

function smallTalkReply(texts: string[], say: Wording, topics: string[]): Reply {
  if (texts.some((text) => has(text, "thanks"))) return plain("thanks", say.thanks);
  // "???" wants attention, as a greeting does.
  const calls = texts.some((text) => has(text, "greeting") || text.includes("?"));
  return calls ? greet(say, topics) : plain("closing", say.closing);
}

function isSmallTalk(text: string): boolean {
  return (
    !wordsOf(text).some((word) => /[\p{L}\p{N}]/u.test(word)) ||
    isJust(text, ["greeting", "thanks", "praise", "bye", "yes", "no", "please"])
  );
}
