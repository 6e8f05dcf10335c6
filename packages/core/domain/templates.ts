/** What may still be said when the service window is closed: a message that Meta has approved beforehand. */
import type { OutboundContent } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";

/** What a placeholder of a template is filled with. */
export type TemplateParameter = "contact-name";

export type Template = { name: string; language: string; parameters: readonly TemplateParameter[] };

/** The template in the customer's language; none when they want none, or a placeholder can't be filled. */
export const templateFor = (
  state: Conversation,
  templates: readonly Template[],
): OutboundContent | undefined => {
  if (state.optedOut) return undefined;
  const template = templates.find(({ language }) => language === state.language);
  const parameters = template?.parameters.map((parameter) => valueOf(state, parameter));
  return template && parameters?.every((value) => value !== undefined)
    ? { type: "template", name: template.name, language: template.language, parameters }
    : undefined;
};

const valueOf = ({ contact }: Conversation, parameter: TemplateParameter): string | undefined => {
  switch (parameter) {
    case "contact-name":
      return contact.name;
  }
};
