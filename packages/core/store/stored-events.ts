/** A commit's body, and its events for the bus. It knows no event's schema, so that the publisher loads none. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import * as z from "zod";
import type { BusEvent } from "../events/bus.ts";
import type { Recorded } from "../events/envelope.ts";
import { eventId } from "../events/stream.ts";
import type { Commit } from "./commit-log.ts";

type StoredEvent = { type: string; schemaVersion: number; data: Fields };
type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Its data is validated by the event's own schema, by whoever knows it. In one check: this is done for every event read. */
const isStoredEvent = (value: unknown): value is StoredEvent =>
  isFields(value) &&
  typeof value["type"] === "string" &&
  Number.isSafeInteger(value["schemaVersion"]) &&
  Number(value["schemaVersion"]) > 0 &&
  isFields(value["data"]);

const StoredEvents = z.array(z.custom<StoredEvent>(isStoredEvent));

/** Its events as they are stored. Throws a zod error when they are none. */
export const storedEvents = (commit: Commit): StoredEvent[] => StoredEvents.parse(unpack(commit.body));

/** Its events for the bus: as stored, personal data still encrypted. */
export const publishCommit = (commit: Commit): BusEvent[] =>
  storedEvents(commit).map(({ type, schemaVersion, data }, index) => {
    const recorded = recordedIn(commit, index);
    const detail = { id: eventId(recorded), ...recorded, subject: commit.subject, schemaVersion, data };
    return { source: "hilo", "detail-type": type, time: commit.at, detail };
  });

/** Where a commit's event is recorded. */
export const recordedIn = (
  { stream, version, at, commitId, causationId }: Commit,
  index: number,
): Recorded => ({
  stream,
  version: version + index,
  at,
  commitId,
  ...(causationId !== undefined && { causationId }),
});

/** JSON as it is (it begins with `[`, `{`, `"`, a digit …), or one zero byte and then deflated JSON. */
export const pack = (value: unknown, compressFrom: number): Uint8Array => {
  const json = Buffer.from(JSON.stringify(value));
  return json.length > compressFrom ? Buffer.concat([Buffer.of(0), deflateRawSync(json)]) : json;
};

export const unpack = (bytes: Uint8Array): unknown =>
  JSON.parse((bytes[0] === 0 ? inflate(bytes.subarray(1)) : sameBytes(bytes)).toString());

/** What is small is inflated into small chunks, which Node takes from a pool: half the time (7 µs a commit, Node 24). */
const inflate = (deflated: Uint8Array): Buffer =>
  inflateRawSync(deflated, deflated.length < smallBytes ? { chunkSize: 2 * smallBytes } : {});

const smallBytes = 1_024;

const sameBytes = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
