/** Seals what the simulator's file holds: not a phone number, name or text stands readable in it. */
import { createHmac, randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { z } from "zod";
import type { Sealer } from "#core/clients/keys.ts";

export type Vault = {
  /** `context` says what and whose it is; it opens only as that. */
  seal(value: unknown, context: string): Uint8Array;
  open<Value>(schema: z.ZodType<Value>, sealed: Uint8Array, context: string): Value;
  sealBytes(bytes: Uint8Array, context: string): Uint8Array;
  openBytes(sealed: Uint8Array, context: string): Uint8Array;
  /** Finds equal texts without showing them: keyed by a secret that is itself sealed. */
  fingerprint(text: string): string;
};

export const vault = (db: DatabaseSync, sealer: Sealer): Vault => {
  db.exec("CREATE TABLE IF NOT EXISTS vault (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT");
  db.prepare("INSERT OR IGNORE INTO vault VALUES ('fingerprint', ?)").run(
    sealer.seal(randomBytes(32), context("fingerprint")),
  );
  const row = db.prepare("SELECT sealed FROM vault WHERE name = 'fingerprint'").get();
  const key = sealer.open(blob(row?.["sealed"]), context("fingerprint"));

  return {
    seal: (value, of) => sealer.seal(new TextEncoder().encode(JSON.stringify(value)), context(of)),
    open: (schema, sealed, of) =>
      schema.parse(JSON.parse(new TextDecoder().decode(sealer.open(sealed, context(of))))),
    sealBytes: (bytes, of) => sealer.seal(bytes, context(of)),
    openBytes: (sealed, of) => sealer.open(sealed, context(of)),
    fingerprint: (text) => createHmac("sha256", key).update(text).digest("base64url"),
  };
};

const context = (of: string): string => `simulator/${of}`;

/** A BLOB column's value. Throws when it is none. */
export const blob = (value: unknown): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  throw new TypeError("expected a blob");
};
