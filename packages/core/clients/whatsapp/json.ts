/** Helpers for JSON of a shape that is not known. */
import { dangerousKeys } from "./parse-body.ts";

export type Json = { readonly [key: string]: unknown };

/** Longest text of a message that is kept, in UTF-16 units; WhatsApp's own limit is 4,096. */
export const textMax = 65_536;
/** Longest JSON that is kept for what can't be read. */
export const rawMax = 200_000;
const CUT = "…[cut]";
const depthMax = 64;

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const record = (value: unknown): Json => (isRecord(value) ? value : {});

/** The items of what should be a list. What is something else counts as its only item, so that it is kept. */
export const list = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
};

/** Keeps no half of a surrogate pair. */
export const cut = (text: string, max: number): string =>
  text.length > max ? text.slice(0, max).toWellFormed() : text;

/** As JSON, at most `rawMax` long. */
export const rawText = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "null";
  return text.length > rawMax ? cut(text, rawMax - CUT.length) + CUT : text;
};

/** The fields that aren't named, or nothing. */
export const without = (value: Json, names: ReadonlySet<string>): Json | undefined => {
  const rest = Object.entries(value).filter(([name]) => !names.has(name));
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
};

/**
 * The same for every delivery of the same update: keys sorted, and media addresses left out. These expire,
 * change with each delivery and open the media to whoever holds them; the media id is what we keep.
 */
export const canonical = (value: unknown, name = "", depth = 0): unknown => {
  if (Array.isArray(value))
    return depth < depthMax ? value.map((item) => canonical(item, name, depth + 1)) : null;
  if (!isRecord(value)) return value;
  if (depth >= depthMax) return null;
  const leaveOut = addresses(value, name);
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => !leaveOut.has(key) && !dangerousKeys.has(key))
      .toSorted()
      .map((key) => [key, canonical(value[key], key, depth + 1)]),
  );
};

const NONE: ReadonlySet<string> = new Set();
const MEDIA: ReadonlySet<string> = new Set(["audio", "document", "image", "sticker", "video"]);
const MEDIA_ADDRESSES: ReadonlySet<string> = new Set(["url"]);
const PREVIEW_ADDRESSES: ReadonlySet<string> = new Set(["image_url", "thumbnail_url", "video_url"]);

const addresses = (value: Json, name: string): ReadonlySet<string> => {
  if (MEDIA.has(name) || "mime_type" in value) return MEDIA_ADDRESSES;
  return name === "referral" ? PREVIEW_ADDRESSES : NONE;
};

/** The same data without fields that are undefined. */
export const defined = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(defined) as T;
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, defined(field)])) as T;
};
