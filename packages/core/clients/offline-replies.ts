import type { Answer, Intent } from "./model.ts";
import type { Findings } from "./offline-answers.ts";
import type { Wording } from "./offline-wording.ts";
import { bold, cutAtSentence, textCodePointsMax, whatsappText } from "./whatsapp-text.ts";

export type Reply = Pick<Answer, "text" | "intent" | "confidence" | "sources" | "choices">;

const topicsMax = 12;

/** The passages as they stand, cut to what WhatsApp takes, with where they are from. */
export function answerWith(
  { passages, restUnknown, confidence }: Findings,
  media: string[],
  say: Wording,
): Reply {
  const [open, close] = say.quotes;
  const titles = [...new Set(passages.map((passage) => `${open}${passage.title}${close}`))];
  const notes = media.length > 0 ? [cannotRead(media, say)] : [];
  if (restUnknown) notes.push(`${say.unknownRest} ${say.offer}`);
  const ending = [...notes, `_${say.label} · ${say.from} ${titles.join(", ")}_`].join("\n\n");
  const said = passages
    .map((passage) => `${bold(passage.heading)}\n${whatsappText(passage.text)}`)
    .join("\n\n");
  const text = `${cutAtSentence(said, textCodePointsMax - [...ending].length - 2)}\n\n${ending}`;
  return {
    text,
    intent: "answer",
    confidence,
    sources: [...new Set(passages.map((passage) => passage.source))],
  };
}

/** Names what it can help with, by the titles of the business's documents. */
export function greet(say: Wording, topics: string[]): Reply {
  const list = topics.slice(0, topicsMax).map((topic) => `• ${topic}`);
  const help = list.length > 0 ? ` ${[say.helpWith, ...list].join("\n")}\n\n` : " ";
  return plain("greeting", `${say.hello}${help}${say.askAway}\n\n_${say.label}_`);
}

export function offerHuman(why: string, confidence: number, say: Wording): Reply {
  const choices = [
    { id: "human-yes", title: say.yesPlease },
    { id: "human-no", title: say.noThanks },
  ];
  return { text: `${why} ${say.offer}`, intent: "offer-human", confidence, sources: [], choices };
}

export function plain(intent: Intent, text: string): Reply {
  return { text, intent, confidence: 1, sources: [] };
}

export function cannotRead(media: string[], say: Wording): string {
  return [...new Set(media.map((kind) => say.cannotRead[mediaForms.get(kind) ?? "other"]))].join("\n");
}

/** A map, for a kind comes from outside and may be "constructor". */
const mediaForms = new Map<string, keyof Wording["cannotRead"]>([
  ["image", "picture"],
  ["video", "picture"],
  ["audio", "audio"],
  ["voice", "audio"],
  ["document", "document"],
  ["location", "location"],
]);
