/** Media in the Graph API: upload, look up by id, download by an address that expires. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { refusal } from "./graph-errors.ts";
import { mediaBytesMax, type MediaShelf, sniff, uploaded } from "./media.ts";
import type { Vault } from "./vault.ts";

type Deps = { media: MediaShelf; vault: Vault; clock: () => Date; newId: () => string };

const mediaUrlMs = 5 * 60_000;
/** Around the file in a multipart body. */
const overheadBytes = 64 * 1024;
const imageBytesMax = 5 * 1024 * 1024;

const types = new Set([
  "audio/aac",
  "audio/amr",
  "audio/mp4",
  "audio/mpeg",
  "audio/ogg",
  "application/msword",
  "application/pdf",
  "application/vnd.ms-excel",
  "application/vnd.ms-powerpoint",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "image/jpeg",
  "image/png",
  "image/webp",
  "text/plain",
  "video/3gpp",
  "video/mp4",
]);

export const graphMedia = ({ media, vault, clock, newId }: Deps): Hono => {
  const app = new Hono();
  const refuse = (code: 100 | 131008, details: string) => refusal({ code, details }, newId());
  const ticket = (id: string, until: string): string => vault.fingerprint(`media/${id}/${until}`);

  app.post(
    "/:version/:phoneNumberId/media",
    bodyLimit({ maxSize: mediaBytesMax + overheadBytes }),
    async ({ req, json }) => {
      const form = await req.formData().catch(() => undefined);
      if (form?.get("messaging_product") !== "whatsapp")
        return refuse(131008, "messaging_product is required, in a multipart form");
      const file = form.get("file");
      if (!(file instanceof File)) return refuse(131008, "file is required");
      const given = form.get("type");
      const declared = baseType(typeof given === "string" ? given : file.type);
      if (!types.has(declared))
        return refuse(
          100,
          `Param file must be a file with one of the following types: ${[...types].join(", ")}. Received file of type '${declared}'.`,
        );
      const bytes = new Uint8Array(await file.arrayBuffer());
      const max = declared.startsWith("image/") ? imageBytesMax : mediaBytesMax;
      if (bytes.length === 0 || bytes.length > max)
        return refuse(100, `Param file must have 1 to ${max} bytes.`);
      const mimeType = typeOf(bytes, declared);
      return json({ id: media.add(uploaded, bytes, { mimeType, filename: file.name }).id });
    },
  );

  app.get("/media/:id", ({ req }) => {
    const [id, until] = [req.param("id"), req.query("ext") ?? ""];
    const about = media.about(id);
    const bytes = media.bytes(id);
    if (!about || !bytes || req.query("hash") !== ticket(id, until) || Number(until) < clock().getTime())
      return new Response("Not found", { status: 404 });
    return new Response(bytes, {
      headers: { "content-type": about.mimeType, "x-content-type-options": "nosniff" },
    });
  });

  app.get("/:version/:mediaId", ({ req, json }) => {
    const id = req.param("mediaId");
    const about = media.about(id);
    if (!about) return refuse(100, `Object with ID '${id}' does not exist or cannot be loaded`);
    const until = String(clock().getTime() + mediaUrlMs);
    const here = new URL(req.url);
    return json({
      messaging_product: "whatsapp",
      url: `${here.origin}${here.pathname.replace(/[^/]+\/[^/]+$/, "")}media/${id}?ext=${until}&hash=${ticket(id, until)}`,
      mime_type: about.mimeType,
      sha256: about.sha256Hex,
      file_size: about.sizeBytes,
      id,
    });
  });
  return app;
};

const baseType = (type: string): string => type.split(";")[0]?.trim().toLowerCase() ?? "";

/** What the bytes show; a page may show nothing that is only said to be a picture, a sound or a film. */
const typeOf = (bytes: Uint8Array, declared: string): string => {
  const sniffed = sniff(bytes);
  // The same container holds both.
  if (sniffed === "audio/mp4" && declared.startsWith("video/")) return declared;
  const isShown = /^(image|audio|video)\//.test(declared);
  return sniffed ?? (isShown ? "application/octet-stream" : declared);
};
