import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { aCommit, plain } from "../testing/commits.ts";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoCommitLog } from "../testing/dynamo-commit-log.ts";
import { commitLogContract } from "./commit-log.contract.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

commitLogContract("DynamoDB (dynalite)", async () => newDynamoCommitLog(server.endpoint), {
  feed: "dynalite has no Streams",
  size: "dynalite does not count items",
});

/** A log whose requests are counted, and where `after` runs between the server's answer and the SDK. */
const watched = async (after: (request: string) => void = () => {}) => {
  const { log, client, close } = await newDynamoCommitLog(server.endpoint);
  onTestFinished(close);
  const requests: string[] = [];
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const output = await next(args);
        requests.push(commandName);
        after(commandName);
        return output;
      },
    { step: "deserialize", priority: "high" },
  );
  return { log, requests };
};

test("an append whose answer was lost is retried by the SDK, meets its own commit and is true", async () => {
  let lost = 0;
  const { log, requests } = await watched((request) => {
    if (request === "PutItemCommand" && lost++ === 0)
      throw Object.assign(new Error("hang up"), { code: "ECONNRESET" });
  });
  const commit = aCommit("a", 1);
  expect(await log.append(commit)).toBe(true);
  // The second PutItem was refused by the server, so it does not come to be counted.
  expect(requests).toEqual(["PutItemCommand", "GetItemCommand"]);
  for await (const page of log.read("a")) expect(page.map(plain)).toEqual([plain(commit)]);
});

test("an error that is no conflict is thrown as it came", async () => {
  const fault = Object.assign(new Error("slow down"), { name: "AccessDeniedException" });
  const { log } = await watched(() => {
    throw fault;
  });
  await expect(log.append(aCommit("a", 1))).rejects.toBe(fault);
});

test("a read that begins where a commit does costs one request, and the newest page no more", async () => {
  const { log, requests } = await watched();
  for (const version of [1, 3, 5, 7]) await log.append(aCommit("a", version, { count: 2 }));
  const costOf = async (options: Parameters<typeof log.read>[1], pages = Infinity) => {
    requests.length = 0;
    for await (const _ of log.read("a", options)) if (--pages === 0) break;
    return requests;
  };
  expect(await costOf({})).toEqual(["QueryCommand"]);
  expect(await costOf({ from: 5 })).toEqual(["QueryCommand"]);
  expect(await costOf({ from: 6 })).toEqual(["QueryCommand", "QueryCommand"]);
  expect(await costOf({ from: 9 })).toEqual(["QueryCommand", "QueryCommand"]);
  expect(await costOf({ from: 9, isBoundary: true })).toEqual(["QueryCommand"]);
  expect(await costOf({ direction: "backwards", pageSize: 2 }, 1)).toEqual(["QueryCommand"]);
});
