/**
 * What stands between facts and their storage: validation, encryption of personal data with the person's
 * own key, compression. Nothing below it ever sees a personal word.
 */
import type { Keys, Sealer } from "../clients/keys.ts";
import type { BusEvent } from "../events/bus.ts";
import {
  schemaVersion,
  schemas,
  upcast,
  upcasters,
  type Stored,
  type Upcasters,
} from "../events/catalogue.ts";
import type { HiloEvent, RecordedEvent } from "../events/envelope.ts";
import { ERASED } from "../events/pii.ts";
import { eventId } from "../events/stream.ts";
import { TooLarge, Unstorable } from "./unstorable.ts";
import { mapPersonal, mapSealed, SEALED } from "./personal-data.ts";
import { openWhenRead } from "./sealed-fields.ts";
import { bodyBytesMax, type Commit } from "./commit-log.ts";
import { pack, publishCommit, recordedIn, storedEvents, unpack } from "./stored-events.ts";

export type Codec = {
  /** A commit's body. Throws a zod error on an invalid event, `TooLarge` beyond 390 KB. */
  encode(events: readonly HiloEvent[], commit: Omit<Commit, "body" | "count">): Promise<Uint8Array>;
  /** Its events: decrypted (or `[erased]`), upcast, validated. Throws `UnknownEventVersion`. */
  decode(commit: Commit): Promise<RecordedEvent[]>;
  /** The events of many commits, in their order; each person's key is asked for once. */
  decodeAll(commits: readonly Commit[]): Promise<RecordedEvent[]>;
  /** Its events for the bus: as stored, personal data still encrypted. */
  publish(commit: Commit): BusEvent[];
  /** Anything derived from a person's events, whole. Undefined when the key is destroyed. */
  seal(subject: string, value: unknown, context: string): Promise<Uint8Array | undefined>;
  open(subject: string, sealed: Uint8Array, context: string): Promise<unknown>;
};

export type CodecOptions = {
  casts?: Upcasters;
  /**
   * Bodies above this many bytes are compressed; 1 KB by default, where DynamoDB counts a second unit. It takes about
   * 20 µs to write and 25 to read (Node 24), more than all else, so on a disk only what is large is worth it.
   */
  compressFrom?: number;
};

export const codec = (keys: Keys, { casts = upcasters, compressFrom = 1_024 }: CodecOptions = {}): Codec => {
  const sealFields = (event: HiloEvent, sealer: Sealer | undefined, context: string) => {
    const schema = schemas.get(event.type);
    const parsed = schema?.safeParse(event);
    if (!schema || !parsed?.success)
      throw new Unstorable(`not a valid ${event.type}`, { cause: parsed?.error });
    const data = mapPersonal(schema.shape.data, parsed.data.data, (plain) =>
      sealer ? SEALED + base64(sealer.seal(Buffer.from(plain), context)) : ERASED,
    );
    return { type: event.type, schemaVersion: schemaVersion(event.type, casts), data };
  };

  const events = (commit: Commit, sealer: Sealer | undefined): RecordedEvent[] =>
    storedEvents(commit).map((stored, index) => {
      const recorded = recordedIn(commit, index);
      const open = (sealed: string): string =>
        sealer ? text(sealer.open(Buffer.from(sealed, "base64url"), eventId(recorded))) : ERASED;
      const { type, data } = openEvent(stored, open, casts);
      return { type, data, ...recorded } as RecordedEvent;
    });

  const decodeAll = async (commits: readonly Commit[]): Promise<RecordedEvent[]> => {
    const subjects = [...new Set(commits.map(({ subject }) => subject))];
    const sealers = new Map(
      await Promise.all(subjects.map(async (subject) => [subject, await keys.sealer(subject)] as const)),
    );
    return commits.flatMap((commit) => events(commit, sealers.get(commit.subject)));
  };

  return {
    async encode(events, { stream, version, subject }) {
      const sealer = await keys.sealer(subject);
      const stored = events.map((event, index) =>
        sealFields(event, sealer, eventId({ stream, version: version + index })),
      );
      const body = pack(stored, compressFrom);
      if (body.length > bodyBytesMax)
        throw new TooLarge(`${events.length} events of ${body.length} bytes do not fit one commit`);
      return body;
    },

    decode: (commit) => decodeAll([commit]),
    decodeAll,

    publish: publishCommit,

    async seal(subject, value, context) {
      return (await keys.sealer(subject))?.seal(pack(value, compressFrom), context);
    },

    async open(subject, sealed, context) {
      const sealer = await keys.sealer(subject);
      return sealer && unpack(sealer.open(sealed, context));
    },
  };
};

/** Personal data is validated as it is stored, and opened when it is read; an upcaster finds all of it opened. */
const openEvent = (stored: Stored, open: (sealed: string) => string, casts: Upcasters): HiloEvent => {
  const { type } = stored;
  const schema = schemas.get(type);
  if (!schema || stored.schemaVersion !== schemaVersion(type, casts))
    return upcast({ ...stored, data: mapSealed(stored.data, open) }, casts);
  const event = upcast(stored, casts);
  return { type, data: openWhenRead(schema.shape.data, event.data, open) } as HiloEvent;
};

const text = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString();

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
