import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { openItem, type ProjectDeps } from "#core/store/project.ts";
import type { Media } from "#core/store/sealed-media.ts";
import { parseConversationStream } from "#core/events/stream.ts";
import { transcript, type MessageMedia } from "#core/views/transcript.ts";
import { byteRange } from "#functions/http/byte-range.ts";
import { ConversationParams } from "#functions/http/conversation-params.ts";
import { problemAnswer, refusals, secured } from "#functions/http/describe.ts";
import { problem } from "#functions/http/http.ts";

export type GetMediaDeps = ProjectDeps & { media: Pick<Media, "get"> };

/** Lambda answers with 6 MB at most, and bytes in base64 (Lambda, "Quotas"). */
export const bytesPerAnswerMax = 4 * 1024 * 1024;

/** What is given as what WhatsApp says it is; anything else is just bytes. No browser runs any of these. */
const shownTypes = /^(image\/(jpeg|png|webp)|audio\/[a-z0-9.+-]{1,40}|video\/(mp4|3gpp)|application\/pdf)$/;

const bytes = { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } };

const route = createRoute({
  method: "get",
  path: "/conversations/{id}/media/{messageId}",
  operationId: "getMedia",
  summary: "The file that came with a message",
  description:
    `Up to ${bytesPerAnswerMax} bytes at once: what is larger is asked for in parts, with \`Range\`. The type is the one ` +
    "that WhatsApp gave; nobody has looked into the file for anything harmful.",
  security: secured,
  request: {
    params: ConversationParams.extend({
      messageId: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/)
        .openapi({ param: { description: "The message's id.", example: "Hl-yUQXV9_fAfVqtgCU8tg" } }),
    }),
    headers: z.object({
      range: z
        .string()
        .max(100)
        .optional()
        .openapi({ param: { description: "One range of bytes.", example: "bytes=0-" } }),
    }),
  },
  responses: {
    200: { description: "The file, to be saved.", content: bytes },
    206: { description: "A part of it: `Content-Range` says which.", content: bytes },
    ...refusals,
    400: problemAnswer("invalid-request", "range-needed"),
    404: problemAnswer("unknown-conversation", "no-media"),
    416: problemAnswer("range-not-satisfiable"),
  },
});

export const getMedia = (app: OpenAPIHono, deps: GetMediaDeps) =>
  app.openapi(route, async (c) => {
    const { id, messageId } = c.req.valid("param");
    const { contactId = "" } = parseConversationStream(id) ?? {};
    const file = await fileOf(deps, id, messageId);
    if (!file) return problem(c, "no-media");
    const { key, sizeBytes, mimeType } = file;
    const asked = byteRange(c.req.valid("header").range, sizeBytes, bytesPerAnswerMax);
    if (!asked) return problem(c, "range-not-satisfiable");
    const { range, isPart } = asked;
    if (range.to - range.from > bytesPerAnswerMax) return problem(c, "range-needed");
    const found = await deps.media.get({ contactId, key, sizeBytes }, range);
    if (!found) return problem(c, "no-media");
    return c.body(new Uint8Array(found), isPart ? 206 : 200, {
      "content-type": shownType(mimeType),
      "content-disposition": "attachment",
      "content-security-policy": "default-src 'none'; sandbox",
      "accept-ranges": "bytes",
      ...(isPart && { "content-range": `bytes ${range.from}-${range.to - 1}/${sizeBytes}` }),
    });
  });

const shownType = (mimeType = ""): string => {
  const [type = ""] = mimeType.toLowerCase().split(";");
  return shownTypes.test(type.trim()) ? type.trim() : "application/octet-stream";
};

type Kept = Extract<MessageMedia, { key: string }>;

const fileOf = async (deps: GetMediaDeps, id: string, messageId: string): Promise<Kept | undefined> => {
  const [stored] = await deps.views.items(await deps.views.current(transcript.name), id, [messageId]);
  const media = stored && (await openItem(deps, transcript, id, stored))?.media;
  return media && "key" in media ? media : undefined;
};
