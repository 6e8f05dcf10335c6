/** Buttons and lists: what a business offers, and what comes back when one of them is chosen. */
import * as z from "zod";
import type { WireContent } from "./shapes.ts";

const Option = z.object({ id: z.string(), title: z.string(), description: z.string().optional() });
const Interactive = z.object({
  interactive: z.object({
    action: z.object({
      buttons: z.array(z.object({ reply: Option })).default([]),
      sections: z.array(z.object({ rows: z.array(Option) })).default([]),
    }),
  }),
});

/** What WhatsApp reports when that option is chosen; undefined when it isn't there. */
export const replyFor = (content: WireContent, option: string) => {
  const parsed = Interactive.safeParse(content);
  if (!parsed.success) return undefined;
  const { buttons, sections } = parsed.data.interactive.action;
  const button = buttons.find(({ reply }) => reply.id === option)?.reply;
  if (button) return { type: "button_reply", button_reply: { id: button.id, title: button.title } };
  const row = sections.flatMap(({ rows }) => rows).find(({ id }) => id === option);
  return row && { type: "list_reply", list_reply: row };
};
