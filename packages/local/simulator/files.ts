/** A file that a customer sends, as WhatsApp reports it. */
import type { Refused, Upload } from "./actions.ts";
import { type Media, sniff } from "./media.ts";
import type { WireContent } from "./shapes.ts";

/** Pictures and sounds must be what they are said to be; anything may be a document. */
export const mediaType = ({ kind, filename }: Upload, bytes: Uint8Array): { mimeType: string } | Refused => {
  const sniffed = sniff(bytes);
  if (bytes.length === 0) return { refused: "The file is empty." };
  if (kind === "image" && !sniffed?.startsWith("image/"))
    return { refused: "WhatsApp takes JPEG, PNG and WebP as pictures. Send it as a document." };
  if (kind === "voice" && !sniffed?.startsWith("audio/")) return { refused: "That is not a sound file." };
  const isPdf = filename?.toLowerCase().endsWith(".pdf");
  return { mimeType: sniffed ?? (isPdf ? "application/pdf" : "application/octet-stream") };
};

export const fileContent = (
  { kind, caption, filename }: Upload,
  { id, mimeType, sha256Hex }: Media,
): WireContent => {
  const type = kind === "voice" ? "audio" : kind;
  return {
    type,
    [type]: {
      ...(caption && { caption }),
      ...(kind === "document" && { filename: filename ?? "document" }),
      mime_type: mimeType,
      sha256: Buffer.from(sha256Hex, "hex").toString("base64"),
      id,
      ...(kind === "voice" && { voice: true }),
    },
  };
};
