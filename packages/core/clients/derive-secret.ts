import { hkdfSync } from "node:crypto";

/** A secret of 32 bytes for one purpose, so that no two purposes share one. The label is its storage format. */
export const deriveSecret = (masterKey: Uint8Array, label: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", masterKey, "", `hilo ${label}`, 32));
