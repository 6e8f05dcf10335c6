import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { graphMedia, type GraphMediaOptions } from "./media.ts";

const file = Buffer.from("the bytes of a photo");
const digest = createHash("sha256").update(file).digest();

type Answers = {
  lookup?: (response: ServerResponse, origin: string) => void;
  file?: (response: ServerResponse) => void;
};

const found = (response: ServerResponse, more: object): void =>
  void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(more));

/** A Graph API on this machine. It answers a lookup with an address of its own, unless told otherwise. */
const graph = async (answers: Answers = {}, options: Partial<GraphMediaOptions> = {}) => {
  const asked: { path: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push({ path, authorization: request.headers.authorization });
    const origin = `http://${request.headers.host ?? ""}`;
    if (path.startsWith("/files/")) {
      if (answers.file) answers.file(response);
      else response.end(file);
    } else if (answers.lookup) answers.lookup(response, origin);
    else
      found(response, {
        url: `${origin}/files/1`,
        mime_type: "image/jpeg",
        sha256: digest.toString("hex"),
        file_size: file.length,
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const source = graphMedia({
    url,
    version: "v26.0",
    token: "a token",
    bytesMax: 1_000,
    timeoutMs: 500,
    ...options,
  });
  return { source, asked, url };
};

describe("a file of WhatsApp's", () => {
  it("is looked up by its id and fetched from there, both with the token", async () => {
    const { source, asked } = await graph();
    const got = await source.download({ mediaId: "1037543291543636", sha256: digest.toString("base64") });
    expect(got).toEqual({ bytes: file, mimeType: "image/jpeg" });
    expect(asked).toEqual([
      { path: "/v26.0/1037543291543636", authorization: "Bearer a token" },
      { path: "/files/1", authorization: "Bearer a token" },
    ]);
  });

  it("is asked for by an id that stays within its place in the path", async () => {
    const { source, asked } = await graph({ lookup: (response) => void response.writeHead(404).end() });
    await source.download({ mediaId: "../../v1/me?x=" });
    expect(asked[0]?.path).toBe("/v26.0/..%2F..%2Fv1%2Fme%3Fx%3D");
  });

  it.each([400, 404, 410])("is gone when the id is answered %d", async (status) => {
    const { source } = await graph({ lookup: (response) => void response.writeHead(status).end("{}") });
    expect(await source.download({ mediaId: "1" })).toEqual({ unavailable: "expired" });
  });

  it.each([302, 401, 403, 429, 500, 503])("may come later when the id is answered %d", async (status) => {
    const { source } = await graph({
      lookup: (response) => void response.writeHead(status, { location: "http://127.0.0.1:1/" }).end("{}"),
    });
    expect(await source.download({ mediaId: "1" })).toEqual({ later: `http-${status}` });
  });

  it.each([302, 401, 403, 404, 500])(
    "F56: may come later when its address answers %d, which is not followed",
    async (status) => {
      const { source } = await graph({
        file: (response) => void response.writeHead(status, { location: "/files/2" }).end("no"),
      });
      expect(await source.download({ mediaId: "1" })).toEqual({ later: `http-${status}` });
    },
  );

  it.each([
    "http://169.254.169.254/latest/meta-data",
    "https://lookaside.fbsbx.com.example.com/x",
    "https://example.com/lookaside.fbsbx.com",
    "http://lookaside.fbsbx.com/x",
    "https://lookaside.fbsbx.com:8443/x",
    "https://user:word@lookaside.fbsbx.com/x",
    "http://127.0.0.1:1/files/1",
  ])("F56: is not fetched from %s", async (url) => {
    const asked: string[] = [];
    const { source } = await graph(
      {},
      {
        fetch: async (input) => {
          asked.push(typeof input === "string" ? input : "not a text");
          return Response.json({ url });
        },
      },
    );
    expect(await source.download({ mediaId: "1" })).toEqual({ unavailable: "refused" });
    expect(asked).toHaveLength(1);
  });

  it("is fetched from Meta's own host", async () => {
    const asked: string[] = [];
    const { source } = await graph(
      {},
      {
        fetch: async (input) => {
          asked.push(typeof input === "string" ? input : "not a text");
          return asked.length === 1
            ? Response.json({ url: "https://lookaside.fbsbx.com/x?ext=1" })
            : new Response(file);
        },
      },
    );
    expect(await source.download({ mediaId: "1" })).toEqual({ bytes: file });
    expect(asked[1]).toBe("https://lookaside.fbsbx.com/x?ext=1");
  });

  it.each([
    { bytesMax: file.length, got: { bytes: file } },
    { bytesMax: file.length - 1, got: { unavailable: "too-large" } },
  ])("of 20 bytes with $bytesMax allowed", async ({ bytesMax, got }) => {
    const lookup: Answers["lookup"] = (response, origin) => found(response, { url: `${origin}/files/1` });
    expect(await (await graph({ lookup }, { bytesMax })).source.download({ mediaId: "1" })).toEqual(got);
    const told: Answers["lookup"] = (response, origin) =>
      found(response, { url: `${origin}/files/1`, file_size: file.length });
    const { source, asked } = await graph({ lookup: told }, { bytesMax });
    expect(await source.download({ mediaId: "1" })).toEqual(got);
    expect(asked).toHaveLength("bytes" in got ? 2 : 1);
  });

  it("that never ends is left", async () => {
    const endless = (response: ServerResponse): void => {
      if (!response.destroyed) response.write(" ".repeat(10_000), () => endless(response));
    };
    const { source } = await graph({ file: endless });
    expect(await source.download({ mediaId: "1" })).toEqual({ unavailable: "too-large" });
  });

  it.each(["in the webhook", "in the Graph API"])(
    "is not taken when it isn't what was hashed %s",
    async (where) => {
      const { source } = await graph({ file: (response) => void response.end("other bytes") });
      const sha256 = where === "in the webhook" ? { sha256: digest.toString("base64") } : {};
      expect(await source.download({ mediaId: "1", ...sha256 })).toEqual({ later: "altered" });
    },
  );

  it("without a byte is none", async () => {
    const lookup: Answers["lookup"] = (response, origin) => found(response, { url: `${origin}/files/1` });
    const { source } = await graph({ lookup, file: (response) => void response.end() });
    expect(await source.download({ mediaId: "1" })).toEqual({ unavailable: "refused" });
  });

  it.each<[string, Answers["lookup"], string]>([
    ["is cut off", (response) => void response.destroy(), "not-connected"],
    ["says nothing", () => {}, "timeout"],
    ["is no JSON", (response) => void response.end("<html>"), "unreadable-answer"],
    ["has no address", (response) => found(response, { id: "1" }), "unreadable-answer"],
  ])("may come later when the lookup %s", async (_, lookup, later) => {
    const { source } = await graph({ ...(lookup && { lookup }) });
    expect(await source.download({ mediaId: "1" })).toEqual({ later });
  });
});
