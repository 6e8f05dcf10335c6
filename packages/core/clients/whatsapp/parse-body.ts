/** From bytes that a stranger chose to a JSON value that is safe to walk, copy and store. */

export type UnreadableReason = "too-large" | "too-deep" | "too-many-keys" | "not-utf-8" | "not-json";

export class UnreadableBody extends Error {
  override name = "UnreadableBody";
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason) {
    super(`unreadable body: ${reason}`);
    this.reason = reason;
  }
}

/** Meta's own limit for one webhook. */
export const bodyBytesMax = 3 * 1024 * 1024;
/** Genuine webhooks nest 12 levels deep or so. */
export const depthMax = 32;
/** One key per 12 bytes of the largest body: the tersest genuine update, a status, has one per 20. */
export const keysMax = 262_144;

/** Keys that turn a careless copy of an object into an attack (F29). */
export const dangerousKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses a body in time linear to its size. Throws `UnreadableBody`. What can't be stored or compared is
 * repaired: lone surrogates become U+FFFD, NUL characters and dangerous keys are left out.
 */
export const parseBody = (rawBody: Uint8Array): unknown => {
  if (rawBody.byteLength > bodyBytesMax) throw new UnreadableBody("too-large");
  scan(rawBody);
  return clean(parse(decode(rawBody)));
};

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Counts before parsing, since parsing is what deep nesting makes slow (F28). */
const scan = (bytes: Uint8Array): void => {
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > depthMax) throw new UnreadableBody("too-deep");
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        break;
      case COLON:
        if (++keys > keysMax) throw new UnreadableBody("too-many-keys");
        break;
      default:
    }
  }
};

const endOfString = (bytes: Uint8Array, start: number): number => {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableBody("not-utf-8");
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableBody("not-json");
  }
};

const clean = (value: unknown): unknown => {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    const key = cleanText(name);
    if (!dangerousKeys.has(key)) copy[key] = clean(field);
  }
  return copy;
};

const cleanText = (text: string): string => text.toWellFormed().replaceAll("\0", "");
