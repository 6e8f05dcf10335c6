/** Where a list goes on, as text that only we can write, and only for the query that it came from (F50). */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";

/** What must not change from page to page: the query's name, and its filters. */
export type CursorQuery = readonly string[];

export type Cursors = {
  write(query: CursorQuery, position: unknown): string;
  /** The position; undefined when the cursor is forged, altered, another query's, or of an older form. */
  read<Position>(query: CursorQuery, cursor: string, position: z.ZodType<Position>): Position | undefined;
};

/** Raise it when a position's meaning changes: cursors from before are refused then. */
const form = "hilo-cursor-1";

export const cursors = (secret: Uint8Array): Cursors => {
  const sign = (query: CursorQuery, payload: string): Buffer =>
    createHmac("sha256", secret)
      .update(JSON.stringify([form, query, payload]))
      .digest();

  return {
    write(query, position) {
      const payload = Buffer.from(JSON.stringify(position)).toString("base64url");
      return `${payload}.${sign(query, payload).toString("base64url")}`;
    },

    read(query, cursor, position) {
      const [payload = "", signature = "", ...more] = cursor.split(".");
      if (more.length > 0 || !isSame(signature, sign(query, payload).toString("base64url"))) return undefined;
      return position.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString())).data;
    },
  };
};

const isSame = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};
