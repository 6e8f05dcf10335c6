/**
 * What stands between facts and their storage: validation, encryption of personal data with the person's
 * own key, compression. Nothing below it ever sees a personal word.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import type { Keys, Sealer } from "../clients/keys.ts";
import type { BusEvent } from "../events/bus.ts";
import { schemaVersion, schemas, upcast, upcasters, type Upcasters } from "../events/catalogue.ts";
import { eventId, type HiloEvent, type RecordedEvent } from "../events/envelope.ts";
import { ERASED } from "../events/pii.ts";
import { TooLarge, Unstorable } from "./unstorable.ts";
import { mapPersonal, mapSealed, SEALED } from "./personal-data.ts";
import { bodyBytesMax, type Commit } from "./commit-log.ts";

export type Codec = {
  /** A commit's body. Throws a zod error on an invalid event, `TooLarge` beyond 390 KB. */
  encode(events: readonly HiloEvent[], commit: Omit<Commit, "body" | "count">): Promise<Uint8Array>;
  /** Its events: decrypted (or `[erased]`), upcast, validated. Throws `UnknownEventVersion`. */
  decode(commit: Commit): Promise<RecordedEvent[]>;
  /** Its events for the bus: as stored, personal data still encrypted. */
  publish(commit: Commit): BusEvent[];
  /** Anything derived from a person's events, whole. Undefined when the key is destroyed. */
  seal(subject: string, value: unknown, context: string): Promise<Uint8Array | undefined>;
  open(subject: string, sealed: Uint8Array, context: string): Promise<unknown>;
};

const StoredEvents = z.array(
  z.object({ type: z.string(), schemaVersion: z.int().positive(), data: z.record(z.string(), z.unknown()) }),
);

/** Bodies above this many bytes are compressed. */
const compressFrom = 1_024;

export const codec = (keys: Keys, casts: Upcasters = upcasters): Codec => {
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

  return {
    async encode(events, { stream, version, subject }) {
      const sealer = await keys.sealer(subject);
      const stored = events.map((event, index) =>
        sealFields(event, sealer, eventId({ stream, version: version + index })),
      );
      const body = pack(stored);
      if (body.length > bodyBytesMax)
        throw new TooLarge(`${events.length} events of ${body.length} bytes do not fit one commit`);
      return body;
    },

    async decode(commit) {
      const sealer = await keys.sealer(commit.subject);
      return StoredEvents.parse(unpack(commit.body)).map((stored, index) => {
        const recorded = position(commit, index);
        const data = mapSealed(stored.data, (sealed) =>
          sealer
            ? Buffer.from(sealer.open(Buffer.from(sealed, "base64url"), eventId(recorded))).toString()
            : ERASED,
        );
        return { ...upcast({ ...stored, data }, casts), ...recorded };
      });
    },

    publish: (commit) =>
      StoredEvents.parse(unpack(commit.body)).map(({ type, schemaVersion, data }, index) => {
        const recorded = position(commit, index);
        return {
          source: "hilo",
          "detail-type": type,
          time: commit.at,
          detail: { id: eventId(recorded), ...recorded, subject: commit.subject, schemaVersion, data },
        };
      }),

    async seal(subject, value, context) {
      return (await keys.sealer(subject))?.seal(pack(value), context);
    },

    async open(subject, sealed, context) {
      const sealer = await keys.sealer(subject);
      return sealer && unpack(sealer.open(sealed, context));
    },
  };
};

const position = ({ stream, version, at, commitId, causationId }: Commit, index: number) => ({
  stream,
  version: version + index,
  at,
  commitId,
  ...(causationId !== undefined && { causationId }),
});

/** JSON as it is (it begins with `[`, `{`, `"`, a digit …), or one zero byte and then deflated JSON. */
const pack = (value: unknown): Uint8Array => {
  const json = Buffer.from(JSON.stringify(value));
  return json.length > compressFrom ? Buffer.concat([Buffer.of(0), deflateRawSync(json)]) : json;
};

const unpack = (bytes: Uint8Array): unknown =>
  JSON.parse((bytes[0] === 0 ? inflateRawSync(bytes.subarray(1)) : Buffer.from(bytes)).toString());

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
