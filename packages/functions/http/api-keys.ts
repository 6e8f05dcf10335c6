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

/** What a header `Authorization` bears. */
export const bearerToken = (header: string | undefined): string | undefined => bearer.exec(header ?? "")?.[1];

const bearer = /^bearer (\S{1,512})$/i;

/** Answers whose token is given. Hashes have one length, and every one is compared: the time taken tells nothing. */
export const keyFinder = <Key extends { token: string }>(keys: readonly Key[]) => {
  const hashed = keys.map((key) => ({ key, hash: sha256(key.token) }));
  return (given: string | undefined): Key | undefined => {
    if (given === undefined) return undefined;
    const hash = sha256(given);
    return hashed.filter((one) => timingSafeEqual(one.hash, hash))[0]?.key;
  };
};

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
