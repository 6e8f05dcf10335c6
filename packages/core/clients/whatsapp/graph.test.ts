import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { graphClient, type GraphOptions } from "./graph.ts";
import { limits } from "./limits.ts";

type Seen = {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: unknown;
};
type Reply = (response: ServerResponse, request: IncomingMessage) => void;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A Graph API on this machine that answers everything in one way and remembers what it was asked. */
const graph = async (reply: Reply, options: Partial<GraphOptions> = {}) => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      const { method, url, headers } = request;
      seen.push({
        method,
        url,
        authorization: headers.authorization,
        body: text === "" ? undefined : JSON.parse(text),
      });
      reply(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  cleanups.push(close);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: graphClient({ url, version: "v26.0", token: "a token", timeoutMs: 2_000, ...options }),
    seen,
    close,
  };
};

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));

/** Writes for as long as anyone reads. */
const endless = (response: ServerResponse): void => {
  if (!response.destroyed) response.write(" ".repeat(100_000), () => endless(response));
};

const accepted = answer(200, {
  messaging_product: "whatsapp",
  contacts: [{ wa_id: "1" }],
  messages: [{ id: "wamid.OUT" }],
});
const error = (code: number, more: object = {}) => ({
  error: { message: "to 15550100301: (#1) no", type: "OAuthException", code, ...more },
});
const message = {
  phoneNumberId: "400000000000001",
  to: { phone: "15550100301" },
  content: { type: "text", text: "Hello" },
  sendRef: "01SEND",
} as const;

describe("send", () => {
  test("asks for one text message, to a phone", async () => {
    const { client, seen } = await graph(accepted);
    expect(await client.send(message)).toEqual({ outcome: "sent", wamid: "wamid.OUT" });
    expect(seen).toEqual([
      {
        method: "POST",
        url: "/v26.0/400000000000001/messages",
        authorization: "Bearer a token",
        body: {
          messaging_product: "whatsapp",
          recipient_type: "individual",
          to: "15550100301",
          type: "text",
          text: { preview_url: false, body: "Hello" },
          biz_opaque_callback_data: "01SEND",
        },
      },
    ]);
  });

  test("F39: a user id goes in a field of its own", async () => {
    const { client, seen } = await graph(accepted);
    await client.send({ ...message, to: { userId: "PE.1" } });
    expect(seen[0]?.body).toMatchObject({ recipient: "PE.1" });
    expect(seen[0]?.body).not.toHaveProperty("to");
  });

  test("an id can't leave its place in the path", async () => {
    const { client, seen } = await graph(accepted);
    await client.send({ ...message, phoneNumberId: "1/messages?x=#" });
    expect(seen[0]?.url).toBe("/v26.0/1%2Fmessages%3Fx%3D%23/messages");
  });

  test("asks for every other form too, as outbound.ts writes it", async () => {
    const { client, seen } = await graph(accepted);
    const content = { type: "document", mediaId: "77", filename: "menu.pdf" } as const;
    expect(await client.send({ ...message, content })).toMatchObject({ outcome: "sent" });
    expect(seen[0]?.body).toMatchObject({
      to: "15550100301",
      type: "document",
      document: { id: "77", filename: "menu.pdf" },
      biz_opaque_callback_data: "01SEND",
    });
  });

  test.each([
    [
      "a text of 4,096 code points",
      { content: { type: "text", text: "😀".repeat(limits.text) } },
      { outcome: "sent", wamid: "wamid.OUT" },
    ],
    [
      "one more",
      { content: { type: "text", text: "a".repeat(limits.text + 1) } },
      { outcome: "refused", retry: "never", reason: "text-too-long" },
    ],
    [
      "four buttons",
      {
        content: {
          type: "buttons",
          text: "Which?",
          buttons: ["1", "2", "3", "4"].map((id) => ({ id, title: id })),
        },
      },
      { outcome: "refused", retry: "never", reason: "too-many-buttons" },
    ],
    [
      "a reference of 512 characters",
      { sendRef: "r".repeat(limits.sendRef) },
      { outcome: "sent", wamid: "wamid.OUT" },
    ],
    [
      "one more",
      { sendRef: "r".repeat(limits.sendRef + 1) },
      { outcome: "refused", retry: "never", reason: "send-ref-too-long" },
    ],
  ] as const)("limits: %s", async (_, change, outcome) => {
    const { client, seen } = await graph(accepted);
    expect(await client.send({ ...message, ...change })).toEqual(outcome);
    expect(seen).toHaveLength(outcome.outcome === "sent" ? 1 : 0);
  });

  test.each([
    [
      "F25: the window is closed",
      answer(400, error(131047)),
      { outcome: "refused", retry: "template", reason: "service-window-closed", code: 131047 },
    ],
    [
      "F24: too many at once",
      answer(429, "slow down"),
      { outcome: "refused", retry: "later", reason: "rate-limited", remedy: "slow-number" },
    ],
    [
      "F24: too many to one customer",
      answer(400, error(131056)),
      { outcome: "refused", retry: "later", reason: "pair-rate-limited", code: 131056, remedy: "slow-pair" },
    ],
    [
      "a refusal that came with 200",
      answer(200, error(131026)),
      {
        outcome: "refused",
        retry: "never",
        reason: "recipient-unreachable",
        code: 131026,
        remedy: "mark-contact",
      },
    ],
    [
      "a number that is not ours, which the subcode tells",
      answer(400, error(100, { error_subcode: 33 })),
      { outcome: "refused", retry: "later", reason: "number-unknown", code: 100, remedy: "stop-number" },
    ],
    [
      "a file that is there no more, which the details tell",
      answer(400, error(100, { error_data: { details: "not a valid media attachment ID" } })),
      { outcome: "refused", retry: "other-form", reason: "media-rejected", code: 100 },
    ],
    [
      "a code, although all else is of another shape",
      answer(400, error(131047, { error_subcode: "x", is_transient: 1, error_data: "none" })),
      { outcome: "refused", retry: "template", reason: "service-window-closed", code: 131047 },
    ],
    [
      "transient, says Meta",
      answer(400, error(777_777, { is_transient: true })),
      { outcome: "uncertain", reason: "http-400" },
    ],
    ["F22: a fault", answer(500, error(131000)), { outcome: "uncertain", reason: "service-fault" }],
    [
      "F22: a gateway's fault",
      answer(502, "<html>Bad gateway</html>"),
      { outcome: "uncertain", reason: "http-502" },
    ],
    [
      "F23: 200 with nonsense",
      answer(200, "<html>ok</html>"),
      { outcome: "uncertain", reason: "unreadable-answer" },
    ],
    [
      "F23: 200 without an id",
      answer(200, { messages: [] }),
      { outcome: "uncertain", reason: "unreadable-answer" },
    ],
  ])("%s", async (_, reply, outcome) => {
    const { client, seen } = await graph(reply);
    expect(await client.send(message)).toEqual(outcome);
    expect(seen).toHaveLength(1);
  });

  test("F56: a redirect is not followed", async () => {
    const other = await graph(accepted);
    const { client } = await graph(answer(307, "", { location: "http://127.0.0.1:1/elsewhere" }));
    expect(await client.send(message)).toEqual({ outcome: "uncertain", reason: "http-307" });
    expect(other.seen).toEqual([]);
  });

  test("F22: nobody listens: nothing was sent", async () => {
    const { client, close } = await graph(accepted);
    await close();
    expect(await client.send(message)).toEqual({
      outcome: "refused",
      retry: "later",
      reason: "not-connected",
    });
  });

  test("F23: the answer to an accepted message does not come in time", async () => {
    const { client, seen } = await graph(() => {}, { timeoutMs: 100 });
    expect(await client.send(message)).toEqual({ outcome: "uncertain", reason: "timeout" });
    expect(seen).toHaveLength(1);
  });

  test("F23: the answer begins and never ends", async () => {
    const { client } = await graph((response) => void response.writeHead(200).write('{"messages":[{"id":'), {
      timeoutMs: 100,
    });
    expect(await client.send(message)).toEqual({ outcome: "uncertain", reason: "timeout" });
  });

  test("F23: the answer is endless", async () => {
    const { client } = await graph((response) => endless(response.writeHead(200)));
    expect(await client.send(message)).toEqual({ outcome: "uncertain", reason: "unreadable-answer" });
  });

  test("F23: the connection breaks after the effect", async () => {
    const { client, seen } = await graph((_, request) => request.socket.resetAndDestroy());
    expect(await client.send(message)).toEqual({ outcome: "uncertain", reason: "connection-lost" });
    expect(seen).toHaveLength(1);
  });

  test("F55: no outcome repeats Meta's prose, the customer's phone or the token", async () => {
    for (const reply of [answer(400, error(131030)), answer(400, error(190)), answer(500, error(5))]) {
      const { client } = await graph(reply);
      expect(JSON.stringify(await client.send(message))).not.toMatch(/15550100301|a token|no/);
    }
  });

  test("never throws, whatever fetch does", async () => {
    const { client } = await graph(accepted, { fetch: () => Promise.reject(new Error("a token")) });
    expect(await client.send(message)).toEqual({ outcome: "uncertain", reason: "connection-lost" });
  });
});

describe("findSent", () => {
  const query = { phoneNumberId: "400000000000001", sendRef: "01 SEND&" };
  const history = (...data: object[]) => answer(200, { data });

  test("F23: a send that history knows was made", async () => {
    const { client, seen } = await graph(
      history(
        { id: "wamid.A", biz_opaque_callback_data: "other" },
        { id: "wamid.B", biz_opaque_callback_data: "01 SEND&" },
      ),
    );
    expect(await client.findSent(query)).toEqual({ found: "sent", wamid: "wamid.B" });
    expect(seen).toMatchObject([
      { method: "GET", url: "/v26.0/400000000000001/message_history?biz_opaque_callback_data=01+SEND%26" },
    ]);
  });

  test.each([
    [
      "F23: one that a complete history doesn't know was not made",
      { historyIsComplete: true },
      { found: "absent" },
    ],
    ["F23: of any other history that is no proof", {}, { found: "unknown", reason: "history-is-no-proof" }],
  ])("%s", async (_, options, found) => {
    const { client } = await graph(
      history({ id: "wamid.A", biz_opaque_callback_data: "other" }, { id: "wamid.C" }),
      options,
    );
    expect(await client.findSent(query)).toEqual(found);
  });

  test.each([
    ["another page", answer(200, { data: [], paging: { next: "https://example.org" } }), "more-history"],
    ["an error", answer(400, error(100)), "http-400"],
    ["a fault", answer(500, { data: [] }), "http-500"],
    ["nonsense", answer(200, "[]"), "http-200"],
    [
      "a lost connection",
      (_: ServerResponse, request: IncomingMessage) => request.socket.resetAndDestroy(),
      "connection-lost",
    ],
  ] satisfies [string, Reply, string][])("F23: %s settles nothing", async (_, reply, reason) => {
    const { client } = await graph(reply, { historyIsComplete: true });
    expect(await client.findSent(query)).toEqual({ found: "unknown", reason });
  });
});

describe("showTyping", () => {
  test("marks as read and shows that someone writes", async () => {
    const { client, seen } = await graph(answer(200, { success: true }));
    expect(await client.showTyping({ phoneNumberId: "400000000000001", wamid: "wamid.IN" })).toBe(true);
    expect(seen[0]?.body).toEqual({
      messaging_product: "whatsapp",
      status: "read",
      message_id: "wamid.IN",
      typing_indicator: { type: "text" },
    });
  });

  test.each([
    ["a refusal", answer(400, error(131009))],
    ["a lost connection", (_: ServerResponse, request: IncomingMessage) => request.socket.resetAndDestroy()],
  ] satisfies [string, Reply][])("%s is told, not thrown", async (_, reply) => {
    const { client } = await graph(reply);
    expect(await client.showTyping({ phoneNumberId: "400000000000001", wamid: "wamid.IN" })).toBe(false);
  });
});

describe("upload", () => {
  const file = {
    phoneNumberId: "400000000000001",
    bytes: new Uint8Array([0x25, 0x50, 0x44, 0x46, 0, 0xff, 0x0d, 0x0a]),
    mimeType: "application/pdf",
    filename: 'carta "ñ".pdf',
  };

  /** What a server reads of the form that was sent. */
  const uploads = async (reply: Response) => {
    const seen: { url: string; form: FormData }[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      seen.push({ url: request.url, form: await request.formData() });
      return reply;
    };
    const { client } = await graph(accepted, { fetch, url: "https://graph.example" });
    return { client, seen };
  };

  test("sends the file as a form, and answers its id", async () => {
    const { client, seen } = await uploads(Response.json({ id: "4490709327384033" }));
    expect(await client.upload(file)).toEqual({ mediaId: "4490709327384033" });
    expect(seen[0]?.url).toBe("https://graph.example/v26.0/400000000000001/media");
    const { messaging_product, type, file: sent } = Object.fromEntries(seen[0]?.form ?? []);
    expect({ messaging_product, type }).toEqual({ messaging_product: "whatsapp", type: "application/pdf" });
    if (!(sent instanceof File)) throw new TypeError("no file was sent");
    expect([sent.name, sent.type]).toEqual([file.filename, file.mimeType]);
    expect(await sent.bytes()).toEqual(file.bytes);
  });

  test("over the wire, with the token", async () => {
    let received: string | undefined;
    const server = createServer((request, response) => {
      received = `${request.headers.authorization} ${request.headers["content-type"]}`;
      request.resume().on("end", () => answer(200, { id: "1" })(response, request));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => server.close());
    const { client } = await graph(accepted, {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    expect(await client.upload(file)).toEqual({ mediaId: "1" });
    expect(received).toMatch(/^Bearer a token multipart\/form-data; boundary=/);
  });

  test.each([
    ["what WhatsApp would not take", { bytes: new Uint8Array(0) }, Response.json({ id: "1" }), "file-empty"],
    ["what it does not take", {}, Response.json(error(131053), { status: 400 }), "media-rejected"],
    ["a fault", {}, new Response("bad gateway", { status: 502 }), "http-502"],
    ["an answer without an id", {}, Response.json({ ok: true }), "unreadable-answer"],
  ])("%s is told, not thrown", async (_, change, reply, reason) => {
    const { client } = await uploads(reply);
    expect(await client.upload({ ...file, ...change })).toEqual({ refused: reason });
  });

  test("nobody listens", async () => {
    const { client, close } = await graph(accepted);
    await close();
    expect(await client.upload(file)).toEqual({ refused: "not-connected" });
  });

  test("has a longer time than a message", async () => {
    const slow: Reply = (response, request) =>
      void setTimeout(() => answer(200, { id: "1" })(response, request), 300);
    const form = createServer((request, response) => {
      request.resume().on("end", () => slow(response, request));
    });
    await new Promise<void>((resolve) => form.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => form.close());
    const url = `http://127.0.0.1:${(form.address() as AddressInfo).port}`;
    const patient = await graph(accepted, { url, timeoutMs: 50 });
    expect(await patient.client.upload(file)).toEqual({ mediaId: "1" });
    const hasty = await graph(accepted, { url, uploadTimeoutMs: 50 });
    expect(await hasty.client.upload(file)).toEqual({ refused: "timeout" });
  });
});
