import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { bodyBytesMax } from "#core/clients/whatsapp/parse-body.ts";
import { limitBody, toLambda } from "./gateway.ts";

/** A gateway before a handler that answers like this; the events that the handler got, and the bodies told as accepted. */
const gateway = (answer: APIGatewayProxyResult = { statusCode: 200, body: "" }) => {
  const events: APIGatewayProxyEvent[] = [];
  const accepted: Uint8Array[] = [];
  const route = toLambda(
    async (event) => {
      events.push(event);
      return answer;
    },
    (rawBody) => accepted.push(rawBody),
  );
  const app = new Hono().get("/webhook", route).post("/webhook", limitBody, route);
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    app.request("/webhook", { method: "POST", body, headers });
  return { app, events, accepted, post };
};

const bytesOf = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer =>
  Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");

describe("a request", () => {
  it("reaches the handler byte for byte, whatever the bytes are", async () => {
    const { post, events } = gateway();
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const bodies = [
      every,
      Buffer.from("\uFEFF{\r\n}"),
      Buffer.from('"¿\\u00bf\u2028"'),
      Buffer.from([0xff, 0x00]),
    ];
    for (const body of bodies) await post(body);
    expect(events.map(bytesOf)).toEqual(bodies.map((body) => Buffer.from(body)));
  });

  it("reaches it with its method, path, headers and query", async () => {
    const { app, post, events } = gateway();
    await post("{}", { "X-Hub-Signature-256": "sha256=00" });
    await app.request("/webhook?hub.mode=subscribe&hub.challenge=1%2B1");
    expect(events).toMatchObject([
      { httpMethod: "POST", path: "/webhook", headers: { "x-hub-signature-256": "sha256=00" } },
      {
        httpMethod: "GET",
        queryStringParameters: { "hub.mode": "subscribe", "hub.challenge": "1+1" },
        body: "",
      },
    ]);
  });

  it.each([
    [bodyBytesMax, 200, 1],
    [bodyBytesMax + 1, 413, 0],
  ])("of %d bytes is answered %d, and handled %d times", async (bytes, status, handled) => {
    const { post, events, accepted } = gateway();
    const response = await post(new Uint8Array(bytes), { "content-length": String(bytes) });
    expect([response.status, events.length, accepted.length]).toEqual([status, handled, handled]);
  });

  it("F30: too large is refused also when it does not say how large it is", async () => {
    const { app, events } = gateway();
    const chunk = new Uint8Array(1_024 * 1_024);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(chunk);
      },
    });
    const request = new Request("http://localhost/webhook", { method: "POST", body, duplex: "half" });
    expect((await app.request(request)).status).toBe(413);
    expect(events).toEqual([]);
  });
});

describe("an answer", () => {
  it("has the handler's status, headers and body", async () => {
    const { app } = gateway({ statusCode: 403, headers: { "content-type": "text/plain" }, body: "no" });
    const response = await app.request("/webhook");
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      403,
      "text/plain",
      "no",
    ]);
  });

  it("of 200 to a POST, and no other, counts as accepted", async () => {
    const good = gateway();
    await good.post("hola");
    await good.app.request("/webhook");
    expect(good.accepted.map((body) => Buffer.from(body).toString())).toEqual(["hola"]);
    for (const statusCode of [400, 401, 500]) {
      const bad = gateway({ statusCode, body: "" });
      await bad.post("hola");
      expect(bad.accepted).toEqual([]);
    }
  });
});
