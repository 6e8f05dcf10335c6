/** What customers and the business send as files: kept sealed, told apart by their bytes. */
import { createHash, randomInt } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { blob, type Vault } from "./vault.ts";

/** WhatsApp's own limit for audio and video; pictures and documents are held to it as well here. */
export const mediaBytesMax = 16 * 1024 * 1024;

export const Media = z.object({
  id: z.string(),
  mimeType: z.string(),
  filename: z.string().optional(),
  sizeBytes: z.int(),
  sha256Hex: z.string(),
});
export type Media = z.infer<typeof Media>;

/** Whose a file is that the business has uploaded and sent to nobody yet. */
export const uploaded = "";

export type MediaShelf = ReturnType<typeof mediaShelf>;

export const mediaShelf = (db: DatabaseSync, vault: Vault) => {
  db.exec(`CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, customer TEXT NOT NULL, about BLOB NOT NULL, bytes BLOB NOT NULL
  ) STRICT`);
  return {
    add(
      customer: string,
      bytes: Uint8Array,
      { mimeType, filename }: { mimeType: string; filename?: string | undefined },
    ): Media {
      // Meta's ids are long numbers.
      const id = `${randomInt(1e14, 2.8e14)}${randomInt(10, 99)}`;
      const sha256Hex = createHash("sha256").update(bytes).digest("hex");
      const media: Media = {
        id,
        mimeType,
        sizeBytes: bytes.length,
        sha256Hex,
        ...(filename && { filename }),
      };
      db.prepare("INSERT INTO media VALUES (?, ?, ?, ?)").run(
        id,
        customer,
        vault.seal(media, `media/${id}`),
        vault.sealBytes(bytes, `media-bytes/${id}`),
      );
      return media;
    },
    about(id: string): Media | undefined {
      const row = db.prepare("SELECT about FROM media WHERE id = ?").get(id);
      return row && vault.open(Media, blob(row["about"]), `media/${id}`);
    },
    bytes(id: string): Uint8Array<ArrayBuffer> | undefined {
      const row = db.prepare("SELECT bytes FROM media WHERE id = ?").get(id);
      return row && new Uint8Array(vault.openBytes(blob(row["bytes"]), `media-bytes/${id}`));
    },
    /** What the business uploaded becomes part of the chat that it is first sent to, and is forgotten with it. */
    claim(id: string, customer: string): void {
      db.prepare("UPDATE media SET customer = ? WHERE id = ? AND customer = ?").run(customer, id, uploaded);
    },
    forget(customer: string): void {
      db.prepare("DELETE FROM media WHERE customer = ?").run(customer);
    },
  };
};

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** The type that the bytes themselves show, of those that a browser may be shown; undefined for all others. */
export const sniff = (bytes: Uint8Array): string | undefined => {
  if (ascii(bytes, 0, 3) === "\xff\xd8\xff") return "image/jpeg";
  if (ascii(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP") return "image/webp";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WAVE") return "audio/wav";
  if (ascii(bytes, 0, 4) === "OggS") return "audio/ogg; codecs=opus";
  if (ascii(bytes, 0, 4) === "\x1aE\xdf\xa3") return "audio/webm";
  if (ascii(bytes, 4, 8) === "ftyp") return "audio/mp4";
  if (ascii(bytes, 0, 3) === "ID3" || ascii(bytes, 0, 2) === "\xff\xfb") return "audio/mpeg";
  return undefined;
};
