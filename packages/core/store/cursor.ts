import * as z from "zod";

/** Where a page of a list ended. */
export type ListPosition = [sort: string, stream: string, key: string];

const Parts = z.tuple([z.string(), z.string(), z.string()]);

export const encodeCursor = (position: ListPosition): string =>
  position.map((part) => Buffer.from(part).toString("base64url")).join(".");

/** Throws a zod error when it is no cursor. */
export const decodeCursor = (cursor: string): ListPosition =>
  Parts.parse(cursor.split(".").map((part) => Buffer.from(part, "base64url").toString()));
