/** Files that customers sent, from Meta's Graph API: by id an address that is good for 5 minutes, from there the bytes (Cloud API, "Media"). */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { MediaReference } from "../../events/content.ts";
import { jsonOf, limitedBytes } from "../limited-body.ts";

export type Downloaded =
  | { bytes: Uint8Array; mimeType?: string }
  /** It can't be had, whoever asks. */
  | { unavailable: "expired" | "too-large" | "refused" }
  /** It may be had later. A fixed word of ours, without personal data. */
  | { later: string };

export type MediaSource = {
  /** Never throws. What it gives is what WhatsApp hashed, and no more than was allowed. */
  download(file: MediaReference): Promise<Downloaded>;
};

export type GraphMediaOptions = {
  /** `https://graph.facebook.com`, or the simulator's: its own host may serve files too. */
  url: string;
  /** Such as `v26.0`. */
  version: string;
  token: string;
  bytesMax: number;
  /** For each of the two requests. */
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
};

/** The only other host that the token is shown to, and that anything is fetched from (F56). */
const metaHosts: ReadonlySet<string> = new Set(["https://lookaside.fbsbx.com"]);
const lookupBytesMax = 64 * 1024;
const timeoutMsDefault = 25_000;

const Found = z.object({
  url: z.url({ protocol: /^https?$/ }),
  mime_type: z.string().max(200).optional().catch(undefined),
  sha256: z.string().optional().catch(undefined),
  file_size: z.number().optional().catch(undefined),
});

export const graphMedia = (options: GraphMediaOptions): MediaSource => {
  const get = getter(options);
  return {
    async download({ mediaId, sha256 }) {
      const looked = await get(`${base(options)}/${encodeURIComponent(mediaId)}`, lookupBytesMax);
      if ("fault" in looked) return { later: looked.fault };
      if (looked.status !== 200) return refusalOf(looked.status);
      const found = Found.safeParse(jsonOf(looked.bytes.toString("utf8")));
      if (!found.success) return { later: "unreadable-answer" };
      const { url, mime_type: mimeType, file_size: sizeBytes = 0 } = found.data;
      if (!isAllowed(url, options.url)) return { unavailable: "refused" };
      if (sizeBytes > options.bytesMax) return { unavailable: "too-large" };
      const file = await get(url, options.bytesMax);
      if ("fault" in file)
        return file.fault === "too-large" ? { unavailable: "too-large" } : { later: file.fault };
      // an address that is over by now: the next try asks for another
      if (file.status !== 200) return { later: `http-${file.status}` };
      if (file.bytes.length === 0) return { unavailable: "refused" };
      if (![sha256, found.data.sha256].every((hash) => isHashOf(file.bytes, hash)))
        return { later: "altered" };
      return { bytes: file.bytes, ...(mimeType && { mimeType }) };
    },
  };
};

const base = ({ url, version }: GraphMediaOptions): string => `${url.replace(/\/$/, "")}/${version}`;

/** Over TLS from Meta, or from where the Graph API itself is. */
const isAllowed = (url: string, graphUrl: string): boolean => {
  const { origin, username, password } = new URL(url);
  return username + password === "" && (metaHosts.has(origin) || origin === new URL(graphUrl).origin);
};

/** Meta says 400 of an id that it doesn't know (any more); who may not ask, or asks too much, may later. */
const refusalOf = (status: number): Downloaded =>
  status === 400 || status === 404 || status === 410
    ? { unavailable: "expired" }
    : { later: `http-${status}` };

/** Base64 in webhooks, hexadecimal in the Graph API. */
const isHashOf = (bytes: Uint8Array, hash: string | undefined): boolean => {
  if (hash === undefined) return true;
  const digest = createHash("sha256").update(bytes).digest();
  return digest.toString("hex") === hash.toLowerCase() || digest.toString("base64") === hash;
};

type Got = { status: number; bytes: Buffer } | { fault: string };

/** One request, never redirected, of which no more than `bytesMax` are read. Never throws. */
const getter =
  ({ token, timeoutMs = timeoutMsDefault, fetch = globalThis.fetch }: GraphMediaOptions) =>
  async (url: string, bytesMax: number): Promise<Got> => {
    try {
      const response = await fetch(url, {
        redirect: "manual",
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const bytes = await limitedBytes(response, bytesMax);
      return bytes ? { status: response.status, bytes } : { fault: "too-large" };
    } catch (error) {
      return { fault: error instanceof Error && error.name === "TimeoutError" ? "timeout" : "not-connected" };
    }
  };
