/**
 * Files sealed with the key of whom they came from (D12): unreadable as soon as that is destroyed, before they
 * are deleted. Sealed in pieces, so that a part can be read without the whole.
 */
import type { Keys } from "../clients/keys.ts";
import { mediaKey, type ByteRange, type MediaStore } from "../clients/media-store.ts";

/** The largest that WhatsApp passes on (Cloud API, "Media"). */
export const mediaBytesMax = 100 * 1024 * 1024;

const pieceBytes = 1024 * 1024;
/** A nonce and a tag: `aes-gcm.ts`. */
const sealBytes = 28;

export type Media = {
  /** Keeps a contact's file, once however often it is put. Its key; undefined when the contact is erased. */
  put(contactId: string, messageId: string, bytes: Uint8Array): Promise<string | undefined>;
  /**
   * The part that is asked for. Undefined when the file, or its contact's key, is gone. Throws when the bytes
   * are not what was put, or not of that size.
   */
  get(
    file: { contactId: string; key: string; sizeBytes: number },
    range: ByteRange,
  ): Promise<Uint8Array | undefined>;
  /** Deletes one file, and all of a contact. Safe to repeat. */
  delete(contactId: string, messageId: string): Promise<void>;
  deleteOf(contactId: string): Promise<void>;
};

export const sealedMedia = (files: MediaStore, keys: Keys): Media => ({
  async put(contactId, messageId, bytes) {
    const key = mediaKey(contactId, messageId);
    const sealer = await keys.sealer(contactId);
    if (!sealer) return undefined;
    const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
      sealer.seal(
        bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
        contextOf(key, bytes.length, index),
      ),
    );
    await files.put(key, Buffer.concat(pieces));
    return key;
  },

  async get({ contactId, key, sizeBytes }, { from, to }) {
    const first = Math.floor(from / pieceBytes);
    const last = Math.ceil(Math.min(to, sizeBytes) / pieceBytes);
    const sealedBytes = pieceBytes + sealBytes;
    const [sealer, sealed] = await Promise.all([
      keys.sealer(contactId),
      files.get(key, { from: first * sealedBytes, to: last * sealedBytes }),
    ]);
    if (!sealer || !sealed) return undefined;
    const pieces = Array.from({ length: last - first }, (_, index) =>
      sealer.open(
        sealed.subarray(index * sealedBytes, (index + 1) * sealedBytes),
        contextOf(key, sizeBytes, first + index),
      ),
    );
    return Buffer.concat(pieces).subarray(from - first * pieceBytes, to - first * pieceBytes);
  },

  delete: async (contactId, messageId) => files.delete(mediaKey(contactId, messageId)),
  deleteOf: (contactId) => files.deleteOf(contactId),
});

/** The size is in it, so that a file that was cut off at the end of a piece is noticed. */
const contextOf = (key: string, sizeBytes: number, piece: number): string =>
  `media/${key}/${sizeBytes}/${piece}`;
