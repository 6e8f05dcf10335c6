/** Who sent a webhook. Source: Cloud API, "Create a webhook endpoint", `X-Hub-Signature-256`. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;
const PREFIX = "sha256=".length;

/**
 * Whether the header signs exactly these bytes with one of the secrets (two while one is being replaced).
 * Meta signs the body as it is on the wire, with its `\uXXXX` escapes, so it must not have been decoded or
 * parsed before. No header or no secret means no. Never throws.
 */
export const verifySignature = (
  rawBody: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): boolean => {
  if (header === undefined || !SIGNATURE.test(header)) return false;
  const given = Buffer.from(header.slice(PREFIX), "hex");
  let valid = false;
  for (const secret of secrets) {
    if (secret !== "" && timingSafeEqual(hmac(rawBody, secret), given)) valid = true;
  }
  return valid;
};

/** The header that Meta would send with this body. */
export const sign = (rawBody: Uint8Array, secret: string): string =>
  `sha256=${hmac(rawBody, secret).toString("hex")}`;

/** Compares `hub.verify_token` without telling by the time it takes how much was right. */
export const verifyToken = (given: string | undefined, expected: string): boolean =>
  given !== undefined && expected !== "" && timingSafeEqual(hash(given), hash(expected));

const hmac = (bytes: Uint8Array, secret: string): Buffer =>
  createHmac("sha256", secret).update(bytes).digest();
const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
