import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "./listen.ts";

type Entry = { EventBusName: string; Source: string; DetailType: string; Detail: string; Time: number };
type Answer = "accept" | "throttle" | "deny" | "hang-up" | ((entry: Entry, index: number) => boolean);

const sizeMax = 1024 * 1024;

/** EventBridge's PutEvents over HTTP: refuses what the service refuses, and what `next` says. */
export const startFakeEventBridge = async () => {
  const requests: Entry[][] = [];
  const accepted: Entry[] = [];
  const next: Answer[] = [];

  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const { Entries } = JSON.parse(body) as { Entries: Entry[] };
      const answer = next.shift() ?? "accept";
      requests.push(Entries);
      const reply = (status: number, content: object) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(content));
      };
      if (answer === "hang-up") return response.destroy();
      if (answer === "throttle") return reply(400, { __type: "ThrottlingException", message: "slow down" });
      if (answer === "deny") return reply(400, { __type: "AccessDeniedException", message: "not you" });
      if (Entries.length === 0 || Entries.length > 10 || Buffer.byteLength(body) > sizeMax + 100_000)
        return reply(400, { __type: "ValidationException", message: "too many" });
      const takes = answer === "accept" ? () => true : answer;
      const outcomes = Entries.map((entry, index) => takes(entry, index));
      accepted.push(...Entries.filter((_, index) => outcomes[index]));
      return reply(200, {
        FailedEntryCount: outcomes.filter((taken) => !taken).length,
        Entries: outcomes.map((taken, index) =>
          taken ? { EventId: `id-${index}` } : { ErrorCode: "InternalFailure", ErrorMessage: "not this one" },
        ),
      });
    })();
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    accepted,
    next,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
