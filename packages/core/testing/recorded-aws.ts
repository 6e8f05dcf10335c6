import { createServer, type ServerHttp2Session } from "node:http2";
import { text } from "node:stream/consumers";
import { listen } from "./listen.ts";

/** What the service answered: as recorded on the wire. `after` holds it back, in milliseconds. */
export type Recorded = { status?: number; error?: string; body: object; after?: number } | "hang-up";

export type Asked = { method: string; path: string; body: unknown };

/** A service of AWS that speaks REST and JSON over HTTP/2: gives the recorded answers in turn, and keeps what it was asked. */
export const recordedAws = async (...answers: Recorded[]) => {
  const asked: Asked[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      asked.push({ method: request.method ?? "", path: request.url ?? "", body: JSON.parse(body || "{}") });
      const answer = answers.shift();
      if (answer === undefined || answer === "hang-up") return response.stream.session?.destroy();
      const { status = 200, error, after = 0 } = answer;
      setTimeout(() => {
        response.writeHead(status, {
          "content-type": "application/json",
          ...(error && { "x-amzn-errortype": error }),
        });
        response.end(JSON.stringify(answer.body));
      }, after).unref();
    })();
  });
  server.on("session", (session) => sessions.add(session));
  const port = await listen(server);
  return {
    asked,
    /** For any client of the SDK: no other attempt is made, so that each answer is seen. */
    client: {
      endpoint: `http://127.0.0.1:${port}`,
      region: "eu-west-1",
      credentials: { accessKeyId: "recorded", secretAccessKey: "recorded" },
      maxAttempts: 1,
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
};
