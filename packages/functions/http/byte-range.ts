import type { ByteRange } from "#core/clients/media-store.ts";

const single = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The part of a file that the header `Range` asks for, at most `bytesMax` of it: whoever asks reads in
 * `Content-Range` what they got (RFC 9110, 15.3.7). The whole file without a header, or with one that is not
 * understood; undefined when the file has no such part.
 */
export const byteRange = (
  header: string | undefined,
  sizeBytes: number,
  bytesMax: number,
): { range: ByteRange; isPart: boolean } | undefined => {
  const [, first, last] = single.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "")
    return { range: { from: 0, to: sizeBytes }, isPart: false };
  const from = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  const to = Math.min(end, from + bytesMax);
  return from < to ? { range: { from, to }, isPart: true } : undefined;
};
