/** A cheap look at what the customer wrote, before any model is asked: how hard a question is it? */
import { type AnswerRequest, openTurns } from "#core/clients/model.ts";
import { isJust } from "#core/clients/small-talk.ts";
import { fold, wordsOf } from "#core/clients/terms.ts";
import type { Hint } from "#core/domain/choose-model.ts";

/** A question of more words is rarely one question. */
export const shortWordsMax = 25;

/** English, Spanish, Portuguese; folded, as whole words. */
const complaints = new RegExp(
  "\\b(?:complain\\w*|unacceptable|refund|disgusting|terrible|awful|worst|angry|lawyer|scam|rude|broken|damaged|spoiled|" +
    "queja\\w*|reclam\\w*|inaceptable|reembols\\w*|devoluci\\w*|devuelv\\w*|devolv\\w*|asco|horrible|fatal|pesimo|estafa|abogad\\w*|denunci\\w*|grosero|roto|" +
    "inaceitavel|devoluc\\w*|pessim\\w*|nojo|golpe|advogad\\w*|estragad\\w*|quebrad\\w*|vergonha)\\b",
);

/** Of all that awaits an answer together. */
export const hintOf = (request: AnswerRequest): Hint => {
  const texts = openTurns(request).flatMap(({ text }) => (text === undefined ? [] : [text]));
  const all = texts.join("\n");
  if (complaints.test(fold(all))) return "complaint";
  if (texts.length > 0 && texts.every((text) => isJust(text, ["greeting", "thanks", "praise", "bye"])))
    return "greeting";
  const questions = all.split("?").length - 1;
  return wordsOf(all).length <= shortWordsMax && questions <= 1 ? "short-question" : "complex";
};

/** Whether anything but text awaits an answer. What was answered before makes no question harder. */
export const hasMedia = (request: AnswerRequest): boolean =>
  openTurns(request).some(({ kind }) => mediaKinds.has(kind));

/** Whether the model is shown what a file or a place says, of whatever age. */
export const showsMedia = ({ turns, findings = [] }: AnswerRequest): boolean =>
  findings.length > 0 || turns.some(({ from, kind }) => from === "customer" && mediaKinds.has(kind));

const mediaKinds = new Set(["image", "video", "audio", "document", "location", "contacts"]);
