/** The bearer tokens of the API, and what each opens. */
import { createHash, timingSafeEqual } from "node:crypto";

export const scopes = ["read", "write"] as const;
export type Scope = (typeof scopes)[number];

export type ApiKey = { token: string; scopes: readonly Scope[] };

/** `token`, or `token:read+write`, separated by commas; one that says nothing may read. Throws on an unknown scope. */
export const parseApiKeys = (text: string): ApiKey[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [token = "", granted = "read"] = part.split(":");
      return { token, scopes: granted.split("+").map(scopeNamed) };
    });

const scopeNamed = (name: string): Scope => scopes.find((scope) => scope === name) ?? unknownScope();

/** It quotes nothing: what stands there may be a part of a key. */
const unknownScope = (): never => {
  throw new RangeError(`ApiKeys: expected token:scope, with a scope of ${scopes.join(", ")}`);
};

export const keysFor = (keys: readonly ApiKey[], scope: Scope): string[] =>
  keys.filter((key) => key.scopes.includes(scope)).map(({ token }) => token);

/** Hashes have one length, and every one is compared: the time taken tells nothing. */
export const keyOf = (keys: readonly ApiKey[], given: string): ApiKey | undefined => {
  const hash = sha256(given);
  return keys.filter(({ token }) => timingSafeEqual(sha256(token), hash))[0];
};

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
