/** What the business says, in the words of the Graph API. Source: Cloud API, "Messages". */
import type { OutboundContent } from "../../events/conversation.ts";

/** The type of a message and its content: what differs between one message and another of a request to send. */
export const written = (content: OutboundContent): object => {
  switch (content.type) {
    case "text":
      return { type: "text", text: { preview_url: false, body: content.text } };
    case "buttons":
      return interactive("button", content.text, {
        buttons: content.buttons.map(({ id, title }) => ({ type: "reply", reply: { id, title } })),
      });
    case "list":
      return interactive("list", content.text, {
        button: content.button,
        sections: [
          {
            rows: content.rows.map(({ id, title, description }) => ({
              id,
              title,
              ...maybe({ description }),
            })),
          },
        ],
      });
    case "audio":
      return { type: "audio", audio: { id: content.mediaId } };
    case "image":
    case "video": {
      const { type, mediaId, caption } = content;
      return { type, [type]: { id: mediaId, ...maybe({ caption }) } };
    }
    case "document": {
      const { mediaId, caption, filename } = content;
      return { type: "document", document: { id: mediaId, ...maybe({ caption, filename }) } };
    }
    case "template":
      return { type: "template", template: template(content) };
  }
};

const interactive = (type: "button" | "list", text: string, action: object) => ({
  type: "interactive",
  interactive: { type, body: { text }, action },
});

const template = ({ name, language, parameters }: Extract<OutboundContent, { type: "template" }>) => ({
  name,
  language: { code: language },
  ...(parameters.length > 0 && {
    components: [{ type: "body", parameters: parameters.map((text) => ({ type: "text", text })) }],
  }),
});

/** Without the fields that say nothing: Meta refuses an empty one. */
const maybe = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1])));
