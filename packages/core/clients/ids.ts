import { randomBytes } from "node:crypto";
import { monotonicFactory } from "ulid";

const bufferBytes = 4_096;

/** ULIDs that rise within a millisecond. Random bytes are drawn by the buffer: one draw per character is slow. */
export const ulids = (clock: () => Date): (() => string) => {
  let buffer = Buffer.alloc(0);
  let at = 0;
  const random = (): number => {
    if (at >= buffer.length) {
      buffer = randomBytes(bufferBytes);
      at = 0;
    }
    return (buffer[at++] ?? 0) / 256;
  };
  const next = monotonicFactory(random);
  return () => next(clock().getTime());
};
