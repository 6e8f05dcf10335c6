/**
 * Stands in for CloudFront: passes requests on to the one origin of the distribution as the stacks declare it, with the
 * header that the distribution adds. It has neither a cache nor a firewall.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import * as z from "zod";

const Distribution = z.object({
  origins: z.tuple([
    z.object({
      domainName: z.string(),
      originPath: z.string(),
      customHeaders: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
  ]),
});

/** Its address, and the address that it hides. */
export const startEdge = async (distribution: unknown, endpoint: string) => {
  const {
    origins: [{ domainName, originPath, customHeaders }],
  } = Distribution.parse(distribution);
  const [api = ""] = domainName.split(".");
  const origin = `${endpoint}/_aws/execute-api/${api}${originPath}`;
  const added = Object.fromEntries(customHeaders.map(({ name, value }) => [name, value]));
  const server = createServer((request, response) => void pass(request, response, origin, added));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, origin, stop: () => server.close() };
};

/** Named by the connection, not by the message. */
const hopByHop = new Set(["connection", "content-length", "host", "keep-alive", "transfer-encoding"]);

const pass = async (
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  added: Record<string, string>,
): Promise<void> => {
  const { method = "GET", url = "/" } = request;
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    hopByHop.has(name) || value === undefined ? [] : [[name, String(value)]],
  );
  try {
    const hasBody = method !== "GET" && method !== "HEAD";
    const answer = await fetch(`${origin}${url}`, {
      method,
      headers: { ...Object.fromEntries(headers), ...added },
      ...(hasBody && { body: await buffer(request) }),
    });
    const answered = [...answer.headers].filter(
      ([name]) => !hopByHop.has(name) && name !== "content-encoding",
    );
    response.writeHead(answer.status, Object.fromEntries(answered));
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
};
