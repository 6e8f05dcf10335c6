import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { schemas, upcast } from "../events/catalogue.ts";
import type { HiloEvent } from "../events/envelope.ts";
import { ERASED, isPii } from "../events/pii.ts";
import { golden } from "../testing/golden.ts";
import { stream } from "../testing/given.ts";
import { memoryKeys } from "../testing/memory-keys.ts";
import { received } from "../testing/samples.ts";
import { codec } from "./codec.ts";
import { TooLarge, Unstorable } from "./unstorable.ts";
import type { Commit } from "./commit-log.ts";

const subject = "01JD0000000000000000000000";
const place = { stream, version: 1, subject, commitId: "c1", at: "2026-11-23T12:00:00.000Z" };

const commitOf = async (coder: ReturnType<typeof codec>, events: HiloEvent[]): Promise<Commit> => ({
  ...place,
  count: events.length,
  body: await coder.encode(events, place),
});

const events = golden.map((sample) => upcast(sample));

describe("a commit", () => {
  it("comes back as it went in, whatever the event", async () => {
    const coder = codec(memoryKeys());
    const decoded = await coder.decode(await commitOf(coder, events));
    expect(decoded.map(({ type, data }) => ({ type, data }))).toEqual(events);
    expect(decoded.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  });

  it("is validated before it is stored", async () => {
    const wrong = { type: "SendStarted", data: { sendId: "S", attempt: "two" } } as unknown as HiloEvent;
    await expect(commitOf(codec(memoryKeys()), [wrong])).rejects.toThrow(Unstorable);
  });

  it("may hold 390 KB after compression, and not more", async () => {
    const text = (bytes: number) => [
      received("a", { content: { type: "text", text: randomBytes(bytes * 0.75).toString("base64") } }),
    ];
    await expect(commitOf(codec(memoryKeys()), text(260_000))).resolves.toBeDefined();
    await expect(commitOf(codec(memoryKeys()), text(400_000))).rejects.toThrow(TooLarge);
  });

  it("cannot be forged by data that looks sealed", async () => {
    const forged = received("sealed:1:AAAA");
    await expect(commitOf(codec(memoryKeys()), [forged])).rejects.toThrow(/sealed:1:/);
  });
});

describe("personal data", () => {
  const canary = "CANARY-7f3a";

  /** Every string that a schema marks, replaced by the canary; nothing else. */
  const planted = events.map((event) => {
    const schema = schemas.get(event.type);
    return schema ? ({ type: event.type, data: plant(schema.shape.data, event.data) } as HiloEvent) : event;
  });

  function plant(schema: z.core.$ZodType, value: unknown): unknown {
    if (isPii(schema)) return canary;
    if (schema instanceof z.ZodOptional)
      return value === undefined ? undefined : plant(schema.unwrap(), value);
    if (schema instanceof z.ZodArray) return (value as unknown[]).map((item) => plant(schema.element, item));
    if (schema instanceof z.ZodDiscriminatedUnion) {
      const option = schema.options.find((candidate) => z.safeParse(candidate as z.ZodType, value).success);
      return option ? plant(option, value) : value;
    }
    if (schema instanceof z.ZodObject) {
      const given = value as Record<string, unknown>;
      return Object.fromEntries(
        Object.keys(given).map((name) => [name, plant(schema.shape[name] as z.ZodType, given[name])]),
      );
    }
    return value;
  }

  it("is nowhere in what is stored or published", async () => {
    const coder = codec(memoryKeys());
    for (const event of planted) {
      const commit = await commitOf(coder, [event]);
      expect(JSON.stringify(coder.publish(commit))).not.toContain(canary);
    }
    const found = planted.filter((event) => JSON.stringify(event).includes(canary)).length;
    expect(found).toBeGreaterThan(25);
  });

  it("reads as erased once the key is destroyed, and the rest stays", async () => {
    const keys = memoryKeys();
    const coder = codec(keys);
    const commit = await commitOf(coder, events);
    await keys.destroy(subject);
    const decoded = await coder.decode(commit);
    expect(decoded).toHaveLength(events.length);
    expect(JSON.stringify(decoded)).not.toContain("600000001");
    expect(decoded.find(({ type }) => type === "SendRequested")?.data).toMatchObject({
      content: { text: ERASED },
    });
  });

  it("of an erased person is not stored any more", async () => {
    const keys = memoryKeys();
    await keys.destroy(subject);
    const coder = codec(keys);
    expect(JSON.stringify(coder.publish(await commitOf(coder, [received("a")])))).not.toContain("hora");
  });

  it("cannot be moved to another event", async () => {
    const coder = codec(memoryKeys());
    const commit = await commitOf(coder, [received("a")]);
    await expect(coder.decode({ ...commit, version: 2 })).rejects.toThrow(/authenticate/);
  });

  it("sealed whole opens in its context only, and for nobody once erased", async () => {
    const keys = memoryKeys();
    const coder = codec(keys);
    const sealed = await coder.seal(subject, { words: canary }, "view/a");
    expect(Buffer.from(sealed ?? []).includes(canary)).toBe(false);
    expect(await coder.open(subject, sealed ?? new Uint8Array(), "view/a")).toEqual({ words: canary });
    await expect(coder.open(subject, sealed ?? new Uint8Array(), "view/b")).rejects.toThrow(/authenticate/);
    await keys.destroy(subject);
    expect(await coder.open(subject, sealed ?? new Uint8Array(), "view/a")).toBeUndefined();
    expect(await coder.seal(subject, {}, "view/a")).toBeUndefined();
  });
});
