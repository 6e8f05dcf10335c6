/** From an answer to the messages that say it: as few as WhatsApp's limits allow, for each is billed. */
import type { Answer, Choice } from "#core/clients/model.ts";
import { fits } from "#core/clients/whatsapp/limits.ts";
import { splitText } from "#core/clients/whatsapp/split-text.ts";
import type { OutboundContent } from "#core/events/conversation.ts";

/** Choices are buttons or a list where they fit: below a text that is too long, with its last paragraph. Else the text must do. */
export const composeReply = ({ text, choices = [] }: Pick<Answer, "text" | "choices">): OutboundContent[] => {
  const parts = splitText(text).map((part): OutboundContent => ({ type: "text", text: part }));
  const last = parts.at(-1);
  if (last?.type !== "text" || choices.length === 0) return parts;
  const whole = offering(last.text, choices);
  if (whole) return [...parts.slice(0, -1), whole];
  const end = last.text.lastIndexOf("\n\n");
  const question = end < 0 ? undefined : offering(last.text.slice(end + 2), choices);
  if (!question) return parts;
  return [...parts.slice(0, -1), { type: "text", text: last.text.slice(0, end) }, question];
};

const offering = (text: string, choices: Choice[]): OutboundContent | undefined =>
  [buttons(text, choices), list(text, choices)].find((content) => !fits(content));

const buttons = (text: string, choices: Choice[]): OutboundContent => ({
  type: "buttons",
  text,
  buttons: choices,
});

const list = (text: string, choices: Choice[]): OutboundContent => ({
  type: "list",
  text,
  button: "⋯",
  rows: choices,
});
