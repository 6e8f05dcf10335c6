import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { schemas, upcast } from "../events/catalogue.ts";
import type { Keys } from "../clients/keys.ts";
import { fold, initial } from "../domain/conversation.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import type { HiloEvent, RecordedEvent } from "../events/envelope.ts";
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

  it("is compressed from a size on, and read whatever the size was", async () => {
    const [packed, plain] = [codec(memoryKeys()), codec(memoryKeys(), { compressFrom: 1_000_000 })];
    const [small, large] = [await commitOf(packed, events), await commitOf(plain, events)];
    expect(small.body[0]).toBe(0);
    expect(Buffer.from(large.body.subarray(0, 1)).toString()).toBe("[");
    expect(small.body.length).toBeLessThan(large.body.length);
    expect((await plain.decode(large)).map(({ data }) => data)).toEqual(events.map(({ data }) => data));
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

  it("is opened when it is first read, once, and no sooner", async () => {
    const keys = memoryKeys();
    const opened: string[] = [];
    const watched: Keys = {
      ...keys,
      async sealer(of) {
        const sealer = await keys.sealer(of);
        return (
          sealer && {
            ...sealer,
            open(sealed, context) {
              const plain = sealer.open(sealed, context);
              opened.push(Buffer.from(plain).toString());
              return plain;
            },
          }
        );
      },
    };
    const coder = codec(watched);
    const [event] = await coder.decode(await commitOf(coder, [received("a")]));
    expect(opened).toEqual([]);
    if (event?.type !== "MessageReceived") throw new Error("another event");
    expect([event.data.wamid, event.data.wamid]).toEqual(["wamid.a", "wamid.a"]);
    expect(opened).toEqual(["wamid.a"]);
    expect(structuredClone({ ...event.data })).toEqual(received("a").data);
  });

  it("is opened by no fold that does not look at it", async () => {
    const coder = codec(memoryKeys());
    const commit = await commitOf(coder, [received("a")]);
    const [event] = await coder.decode({ ...commit, version: 2 });
    // which does not open, as it was sealed for another version
    expect(() => fold(initial, [event as RecordedEvent<ConversationEvent>])).toThrow(/authenticate/);
    const [reaction] = await coder.decode({
      ...(await commitOf(coder, [
        { type: "ReactionReceived", data: { messageId: "r", digest: "d", to: "a", emoji: "🙂" } },
      ])),
      version: 2,
    });
    expect(fold(initial, [reaction as RecordedEvent<ConversationEvent>]).version).toBe(2);
  });

  it("of an older schema version is opened for its upcaster", async () => {
    const keys = memoryKeys();
    const commit = await commitOf(codec(keys), [received("a")]);
    const newer = codec(keys, {
      casts: {
        MessageReceived: {
          1: (data) => ({ ...(data as object), wamid: `${(data as { wamid: string }).wamid}, upcast` }),
        },
      },
    });
    expect((await newer.decode(commit))[0]?.data).toMatchObject({ wamid: "wamid.a, upcast" });
  });

  it("may be sealed text wherever it may be text, since it is validated as it is stored", () => {
    const sealed = `sealed:1:${"A".repeat(500)}`;
    for (const event of events) {
      const schema = schemas.get(event.type);
      if (!schema) throw new Error(`no schema of ${event.type}`);
      const stored = JSON.parse(
        JSON.stringify({ type: event.type, data: plant(schema.shape.data, event.data) }).replaceAll(
          canary,
          sealed,
        ),
      ) as HiloEvent;
      expect(schema.safeParse(stored).success).toBe(true);
    }
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
    const [moved] = await coder.decode({ ...commit, version: 2 });
    expect(() => JSON.stringify(moved)).toThrow(/authenticate/);
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
