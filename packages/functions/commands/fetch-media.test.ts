import { beforeEach, describe, expect, it } from "vitest";
import type { Downloaded } from "#core/clients/whatsapp/media.ts";
import { conversationStream } from "#core/events/stream.ts";
import { identified, received, started } from "#core/testing/samples.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { world, type World } from "../testing/world.ts";
import { availableMs, fetchMedia } from "./fetch-media.ts";

const contactId = "01JD0000000000000000000000";
const stream = conversationStream(contactId, "1065550000");
const image = { type: "image", media: { mediaId: "1037", mimeType: "image/jpeg", sha256: "hash" } } as const;
const bytes = Buffer.from("a photo");
const version = 3;

let w: World;
let asked: unknown[];
let next: Downloaded[];
let during: () => Promise<unknown>;
const handler = () =>
  fetchMedia({
    ...w.deps,
    files: {
      async download(file) {
        asked.push(file);
        await during();
        return next.shift() ?? { bytes, mimeType: "image/jpeg" };
      },
    },
  });

beforeEach(async () => {
  w = world();
  [asked, next, during] = [[], [], async () => {}];
  await w.deps.record(stream, started(), identified(), received("m1", { content: image }));
});

const outcomes = async () =>
  (await w.events(stream))
    .filter(({ type }) => type.startsWith("Media"))
    .map(({ type, data }) => ({ type, data }));
const read = async () => {
  const found = await w.deps.media.get(
    { contactId, key: `${contactId}/m1`, sizeBytes: bytes.length },
    { from: 0, to: 100 },
  );
  return found && Buffer.from(found).toString();
};

describe("the file of a message", () => {
  it("is fetched by the id in the message, kept and recorded", async () => {
    expect(await w.deliver(handler(), stream, version)).toBe(true);
    expect(asked).toEqual([image.media]);
    expect(await outcomes()).toEqual([
      {
        type: "MediaStored",
        data: {
          messageId: "m1",
          mediaKey: `${contactId}/m1`,
          mimeType: "image/jpeg",
          sizeBytes: bytes.length,
        },
      },
    ]);
    expect(await read()).toBe("a photo");
  });

  it("is fetched once, however often it is asked for", async () => {
    await Promise.all([1, 2, 3].map(() => w.deliver(handler(), stream, version)));
    await w.deliver(handler(), stream, version);
    expect(await outcomes()).toHaveLength(1);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it("is fetched again when the first time it was kept but not recorded", async () => {
    await w.deps.media.put(contactId, "m1", Buffer.from("a photo"));
    await w.deliver(handler(), stream, version);
    expect((await outcomes()).map(({ type }) => type)).toEqual(["MediaStored"]);
    expect(await read()).toBe("a photo");
  });

  it.each(["expired", "too-large", "refused"] as const)("is recorded as %s once", async (reason) => {
    next.push({ unavailable: reason });
    await w.deliver(handler(), stream, version);
    await w.deliver(handler(), stream, version);
    expect(await outcomes()).toEqual([{ type: "MediaUnavailable", data: { messageId: "m1", reason } }]);
    expect(asked).toHaveLength(1);
    expect(w.deps.files.size).toBe(0);
  });

  it.each([
    { ageMs: 0, delayMs: 5_000 },
    { ageMs: 60_000, delayMs: 60_000 },
    { ageMs: availableMs - 10_000, delayMs: 15 * 60_000 },
  ])(
    "F37: that may be had later, after $ageMs ms, is asked for again in $delayMs ms",
    async ({ ageMs, delayMs }) => {
      next.push({ later: "http-503" });
      const [, , event] = await w.events(stream);
      w.pass(Date.parse(event?.at ?? "") + ageMs - w.deps.clock().getTime());
      expect(await w.deliver(handler(), stream, version)).toBe(false);
      expect(w.again.map((again) => again.delayMs)).toEqual([delayMs]);
      expect(await outcomes()).toEqual([]);
    },
  );

  it("F37: is given up when WhatsApp has it no more", async () => {
    next.push({ later: "http-503" });
    w.pass(availableMs + 10_000);
    expect(await w.deliver(handler(), stream, version)).toBe(true);
    expect(await outcomes()).toEqual([
      { type: "MediaUnavailable", data: { messageId: "m1", reason: "expired" } },
    ]);
  });

  it("of an erased person is not fetched, and none is left", async () => {
    await w.deps.record(stream, { type: "ContactErased", data: {} });
    await w.deps.media.put(contactId, "m1", bytes);
    await w.deliver(handler(), stream, version);
    expect(asked).toEqual([]);
    expect(w.deps.files.size).toBe(0);
  });

  it("of a person who is erased meanwhile is deleted again", async () => {
    during = () => w.deps.record(stream, { type: "ContactErased", data: {} });
    await w.deliver(handler(), stream, version);
    expect(asked).toHaveLength(1);
    expect(await outcomes()).toEqual([]);
    expect(w.deps.files.size).toBe(0);
  });

  it("whose key is destroyed meanwhile is not kept", async () => {
    during = () => w.deps.keys.destroy(contactId);
    await w.deliver(handler(), stream, version);
    expect(await outcomes()).toEqual([]);
    expect(w.deps.files.size).toBe(0);
  });

  it("is logged without a word of it", async () => {
    next.push({ later: "http-503" });
    during = async () => {
      throw new Error("photo of 34600000001");
    };
    await w.deliver(handler(), stream, version);
    expect(w.logged.join()).not.toContain("34600000001");
  });
});

it("is asked for by every kind of message that has one", () => {
  const pattern = JSON.stringify(subscriptions.find(({ name }) => name === "fetch-media")?.pattern);
  for (const type of ["image", "video", "document", "audio", "sticker"])
    expect(pattern).toContain(`"${type}"`);
});
