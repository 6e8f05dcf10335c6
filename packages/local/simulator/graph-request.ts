/** What the Graph API accepts (messages reference). */
import * as z from "zod";
import { documentedUserId } from "#core/clients/whatsapp/sender.ts";
import type { GraphError } from "./graph-errors.ts";

const characters = (least: number, most: number, what: string) =>
  z.string().refine((text) => [...text].length >= least && [...text].length <= most, {
    error: `${what} must be ${least === most ? least : `${least} to ${most}`} characters long`,
  });

const text = z.object({ body: characters(1, 4_096, "text['body']"), preview_url: z.boolean().optional() });
const media = z
  .looseObject({
    id: z.string().optional(),
    link: z.string().optional(),
    caption: characters(0, 1_024, "caption").optional(),
    filename: z.string().optional(),
  })
  .refine(({ id, link }) => id !== undefined || link !== undefined, { error: "an id or a link is needed" });
const replyButton = z.object({
  type: z.literal("reply"),
  reply: z.object({ id: characters(1, 256, "button id"), title: characters(1, 20, "button title") }),
});
const row = z.object({
  id: characters(1, 200, "row id"),
  title: characters(1, 24, "row title"),
  description: characters(0, 72, "row description").optional(),
});
const interactive = z.looseObject({
  type: z.string(),
  body: z.object({ text: characters(1, 1_024, "interactive body") }).optional(),
  footer: z.object({ text: characters(1, 60, "interactive footer") }).optional(),
  action: z.looseObject({
    button: characters(1, 20, "list button").optional(),
    buttons: z.array(replyButton).min(1).max(3).optional(),
    sections: z
      .array(
        z.looseObject({ title: characters(0, 24, "section title").optional(), rows: z.array(row).min(1) }),
      )
      .min(1)
      .max(10)
      .refine((sections) => sections.flatMap(({ rows }) => rows).length <= 10, {
        error: "a list has at most 10 rows",
      })
      .optional(),
  }),
});
/** A file, as every kind of message that is one has it. */
export type MediaContent = { id?: string };

export const ReactionContent = z.object({ message_id: z.string(), emoji: z.string() });

/** The limits of the types that have any here; others are accepted as they are. */
const limits = new Map<string, z.ZodType>(
  Object.entries({
    text,
    interactive,
    reaction: ReactionContent,
    image: media,
    video: media,
    audio: media,
    document: media,
    sticker: media,
  }),
);

export const SendRequest = z.looseObject({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.literal("individual").optional(),
  to: z
    .string()
    .regex(/^\+?[\d\s()-]{7,24}$/, "to must be a phone number")
    .optional(),
  recipient: z.string().regex(documentedUserId, "recipient must be a business-scoped user id").optional(),
  type: z.string().default("text"),
  context: z.object({ message_id: z.string().min(1) }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
});
export type SendRequest = z.infer<typeof SendRequest>;

export const ReadRequest = z.object({
  messaging_product: z.literal("whatsapp"),
  status: z.literal("read"),
  message_id: z.string().min(1),
  typing_indicator: z.object({ type: z.literal("text") }).optional(),
});
export type ReadRequest = z.infer<typeof ReadRequest>;

/** The message of a request to send one, or why it is refused. */
export const parseSend = (
  body: unknown,
): { request: SendRequest; content: Record<string, unknown> } | { refused: GraphError } => {
  const parsed = SendRequest.safeParse(body);
  if (!parsed.success) return { refused: { code: 100, details: reason(parsed.error) } };
  const request = parsed.data;
  if (!request.to && !request.recipient)
    return { refused: { code: 131008, details: "to or recipient is required" } };
  const content = z.looseObject({}).safeParse(request[request.type]);
  if (!content.success) return { refused: { code: 131008, details: `${request.type} is required` } };
  const limited = limits.get(request.type)?.safeParse(content.data);
  if (limited && !limited.success) return { refused: { code: 131009, details: reason(limited.error) } };
  return { request, content: content.data };
};

const reason = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message)).join("; ");
