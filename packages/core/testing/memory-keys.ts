import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Keys, Sealer } from "../clients/keys.ts";

/** Real ciphers, with keys that are gone with the process. `bytes` draws keys and nonces: by chance, if not told. */
export const memoryKeys = (bytes: (count: number) => Uint8Array = randomBytes): Keys => {
  const sealers = new Map<string, Sealer | undefined>();
  return {
    async sealer(subject) {
      if (!sealers.has(subject)) sealers.set(subject, aesSealer(bytes(32), bytes));
      return sealers.get(subject);
    },
    async destroy(subject) {
      sealers.set(subject, undefined);
    },
  };
};

const aesSealer = (key: Uint8Array, bytes: (count: number) => Uint8Array): Sealer => ({
  seal(plain, context) {
    const nonce = bytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  },
  open(sealed, context) {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12)).setAAD(
      Buffer.from(context),
    );
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  },
});
