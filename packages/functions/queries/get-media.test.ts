import { beforeEach, describe, expect, it } from "vitest";
import { conversationStream } from "#core/events/stream.ts";
import { identified, received, started } from "#core/testing/samples.ts";
import { apiKey, queryHilo, type QueryHilo } from "../testing/query-hilo.ts";
import { bytesPerAnswerMax } from "./get-media.ts";

const contactId = "01JD0000000000000000000000";
const id = conversationStream(contactId, "1065550000");
const image = { type: "image", media: { mediaId: "1037" } } as const;
const path = `/conversations/${id}/media/m1`;

let hilo: QueryHilo;
beforeEach(async () => {
  hilo = queryHilo();
  await hilo.record(id, started(), identified(), received("m1", { content: image }), received("m2"));
});

const keep = async (bytes: Uint8Array, mimeType?: string) => {
  const mediaKey = (await hilo.media.put(contactId, "m1", bytes)) ?? "";
  const data = { messageId: "m1", mediaKey, sizeBytes: bytes.length, ...(mimeType && { mimeType }) };
  await hilo.record(id, { type: "MediaStored", data });
  await hilo.project(id);
};

const ask = async (headers: Record<string, string> = {}, at = path) => {
  const response = await hilo.app.request(at, { headers: { authorization: `Bearer ${apiKey}`, ...headers } });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};
const problemOf = ({ bytes }: { bytes: Buffer }) =>
  (JSON.parse(bytes.toString()) as { type: string }).type.replace("/problems/", "");

describe("a message's file", () => {
  it("is given whole, to be saved, and to be run by nobody", async () => {
    await keep(Buffer.from("a photo"), "image/jpeg");
    const { status, headers, bytes } = await ask();
    expect(status).toBe(200);
    expect(bytes.toString()).toBe("a photo");
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "image/jpeg",
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "no-store",
      "accept-ranges": "bytes",
    });
  });

  it.each([
    ["audio/ogg; codecs=opus", "audio/ogg"],
    ["application/pdf", "application/pdf"],
    ["Image/PNG", "image/png"],
    ["text/html", "application/octet-stream"],
    ["image/svg+xml", "application/octet-stream"],
    ["text/plain", "application/octet-stream"],
    ["image/jpeg\r\nset-cookie: x", "application/octet-stream"],
    [undefined, "application/octet-stream"],
  ])("that is said to be %j is given as %s", async (mimeType, type) => {
    await keep(Buffer.from("x"), mimeType);
    expect((await ask()).headers.get("content-type")).toBe(type);
  });

  it("is given in parts", async () => {
    await keep(Buffer.from("0123456789"), "audio/ogg");
    const { status, headers, bytes } = await ask({ range: "bytes=2-5" });
    expect([status, headers.get("content-range"), bytes.toString()]).toEqual([206, "bytes 2-5/10", "2345"]);
    expect(problemOf(await ask({ range: "bytes=10-" }))).toBe("range-not-satisfiable");
  });

  it("that is larger than an answer is given in parts only", async () => {
    const large = Buffer.alloc(bytesPerAnswerMax + 1, "x");
    await keep(large);
    expect(problemOf(await ask())).toBe("range-needed");
    const first = await ask({ range: "bytes=0-" });
    expect(first.headers.get("content-range")).toBe(`bytes 0-${bytesPerAnswerMax - 1}/${large.length}`);
    const rest = await ask({ range: `bytes=${bytesPerAnswerMax}-` });
    expect(Buffer.compare(Buffer.concat([first.bytes, rest.bytes]), large)).toBe(0);
  });

  it("that just fits is given whole", async () => {
    await keep(Buffer.alloc(bytesPerAnswerMax, "x"));
    expect((await ask()).bytes).toHaveLength(bytesPerAnswerMax);
  });

  it("is named among the messages", async () => {
    await keep(Buffer.from("a photo"), "image/jpeg");
    const { body } = await hilo.get(`/conversations/${id}/messages`);
    expect(body.items[0]?.["media"]).toEqual({
      key: `${contactId}/m1`,
      mimeType: "image/jpeg",
      sizeBytes: 7,
    });
  });

  it.each([
    ["a message without one", `/conversations/${id}/media/m2`],
    ["one that is not fetched yet", path],
    ["a message that never was", `/conversations/${id}/media/m9`],
    [
      "another's conversation",
      `/conversations/${conversationStream("01JD0000000000000000000001", "1065550000")}/media/m1`,
    ],
  ])("is not there for %s", async (_, at) => {
    if (at !== path) await keep(Buffer.from("a photo"));
    await hilo.project(id);
    const answer = await ask({}, at);
    expect([answer.status, problemOf(answer)]).toEqual([404, "no-media"]);
  });

  it("that can't be had says so among the messages", async () => {
    await hilo.record(id, { type: "MediaUnavailable", data: { messageId: "m1", reason: "expired" } });
    await hilo.project(id);
    expect(problemOf(await ask())).toBe("no-media");
    const { body } = await hilo.get(`/conversations/${id}/messages`);
    expect(body.items[0]?.["media"]).toEqual({ unavailable: "expired" });
  });

  it("of an erased person is gone, even before it is deleted", async () => {
    await keep(Buffer.from("a photo"));
    await hilo.keys.destroy(contactId);
    expect(problemOf(await ask())).toBe("no-media");
  });

  it("is given to nobody without a key", async () => {
    await keep(Buffer.from("a photo"));
    expect((await ask({ authorization: "Bearer another" })).status).toBe(401);
  });

  it.each([`/conversations/${id}/media/..%2F..%2Fetc`, `/conversations/${id}/media/${"x".repeat(65)}`])(
    "has no such id as in %s",
    async (at) => {
      expect((await ask({}, at)).status).toBe(404);
    },
  );
});
