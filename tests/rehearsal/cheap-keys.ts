/** Keys that hide and detect what real ones do, against nobody who looks twice; and cost nearly nothing. */
import type { Keys, Sealer } from "#core/clients/keys.ts";
import { hash } from "./chance.ts";

const nonceBytes = 8;
const tagBytes = 8;

/** `secret` tells these keys from others. */
export const cheapKeys = (secret: number): Keys => {
  const sealers = new Map<string, Sealer | undefined>();
  return {
    async sealer(subject) {
      if (!sealers.has(subject)) sealers.set(subject, sealer(hash(`key of ${subject}`, secret)));
      return sealers.get(subject);
    },
    async destroy(subject) {
      sealers.set(subject, undefined);
    },
  };
};

const sealer = (key: number): Sealer => {
  let sealed = 0;
  return {
    seal(plain, context) {
      const bytes = Buffer.alloc(nonceBytes + plain.length + tagBytes);
      bytes.writeUInt32LE(++sealed, 0);
      bytes.writeUInt32LE(hash(context, sealed), 4);
      bytes.set(masked(plain, key, bytes.readUInt32LE(0)), nonceBytes);
      tag(bytes, key, context).copy(bytes, bytes.length - tagBytes);
      return bytes;
    },
    open(sealedBytes, context) {
      const bytes = Buffer.from(sealedBytes);
      const isWhole = bytes.length >= nonceBytes + tagBytes;
      if (!isWhole || !tag(bytes, key, context).equals(bytes.subarray(-tagBytes)))
        throw new Error("not what was sealed");
      return masked(bytes.subarray(nonceBytes, -tagBytes), key, bytes.readUInt32LE(0));
    },
  };
};

/** The bytes under a stream of others (xorshift32), and out from under it again. */
const masked = (bytes: Uint8Array, key: number, nonce: number): Uint8Array => {
  const result = Buffer.alloc(bytes.length);
  let state = (key ^ Math.imul(nonce, 0x9e3779b1)) >>> 0 || 1;
  for (let at = 0; at < bytes.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    result[at] = (bytes[at] ?? 0) ^ (state & 255);
  }
  return result;
};

const tag = (bytes: Buffer, key: number, context: string): Buffer => {
  const signed = hash(context, key);
  let [one, other] = [signed, ~signed];
  for (let at = 0; at < bytes.length - tagBytes; at++) {
    one = Math.imul(one ^ (bytes[at] ?? 0), 0x01000193);
    other = Math.imul(other ^ (bytes[at] ?? 0), 0x85ebca6b);
  }
  const result = Buffer.alloc(tagBytes);
  result.writeInt32LE(one ^ bytes.length, 0);
  result.writeInt32LE(other ^ key, 4);
  return result;
};
