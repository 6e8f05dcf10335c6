/** A service played over real HTTP, so that what its client writes and reads on the wire is what is tested. */
import { createServer } from "node:http";
import { listen } from "./listen.ts";

export type Played = { status: number; headers?: Record<string, string>; body: unknown };
/** `body` is parsed JSON. */
export type Heard = { path: string; headers: Record<string, unknown>; body: unknown };

export type StandIn = {
  url: string;
  /** In the order in which they came. */
  requests: Heard[];
  stop(): Promise<void>;
};

/** `play` answers a request; undefined leaves it without an answer for ever. */
export const startStandIn = async (play: (request: Heard) => Played | undefined): Promise<StandIn> => {
  const requests: Heard[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    incoming.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const heard: Heard = {
        path: decodeURIComponent(incoming.url ?? ""),
        headers: incoming.headers,
        body: text === "" ? undefined : (JSON.parse(text) as unknown),
      };
      requests.push(heard);
      const played = play(heard);
      if (!played) return;
      response.writeHead(played.status, { "content-type": "application/json", ...played.headers });
      response.end(typeof played.body === "string" ? played.body : JSON.stringify(played.body));
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
