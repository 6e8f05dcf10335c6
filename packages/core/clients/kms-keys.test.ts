import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { fakeKms } from "../testing/fake-kms.ts";
import { watch } from "../testing/watched-client.ts";
import { keysContract } from "./keys.contract.ts";
import { kmsKeys, unwrappedMs } from "./kms-keys.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

const keyId = "key-1";

const open = async () => {
  const { client: dynamo, table } = await newDynamoTable(server.endpoint, "keys");
  const { client: kms, requests } = fakeKms(keyId);
  let time = 0;
  const reads: string[] = [];
  watch(dynamo, { before: ({ command }) => void reads.push(command) });
  const again = () => kmsKeys({ kms, dynamo, table, keyId, now: () => time });
  return { again, keys: again(), kms, dynamo, table, requests, reads, pass: (ms: number) => (time += ms) };
};

keysContract("KMS and DynamoDB (dynalite)", async () => {
  const { again } = await open();
  return async () => again();
});

describe("keys of KMS", () => {
  it.each([
    { after: unwrappedMs - 1, requests: ["GenerateDataKey"] },
    { after: unwrappedMs, requests: ["GenerateDataKey", "Decrypt"] },
  ])("are unwrapped anew $after ms later: $requests", async ({ after, requests: expected }) => {
    const { keys, pass, requests } = await open();
    await keys.sealer("ana");
    pass(after);
    await keys.sealer("ana");
    expect(requests).toEqual(expected);
  });

  it("cost one read for all who ask at once, and it is newer than the question", async () => {
    const { keys, reads } = await open();
    await keys.sealer("ana");
    reads.length = 0;
    const asked = Array.from({ length: 10 }, () => keys.sealer("ana"));
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(reads).toEqual(["GetItemCommand"]);
    const before = keys.sealer("ana");
    await keys.destroy("ana");
    expect(await keys.sealer("ana")).toBeUndefined();
    await before;
  });

  it.each([
    { after: 1_999, isThere: true },
    { after: 2_000, isThere: false },
  ])(
    "that are trusted for two seconds are there $after ms after another destroyed them: $isThere",
    async (told) => {
      const { kms, dynamo, table, again } = await open();
      let time = 0;
      const keys = kmsKeys({ kms, dynamo, table, keyId, trustMs: 2_000, now: () => time });
      await keys.sealer("ana");
      await again().destroy("ana");
      time += told.after;
      expect((await keys.sealer("ana")) !== undefined).toBe(told.isThere);
      await keys.destroy("ana");
      expect(await keys.sealer("ana")).toBeUndefined();
    },
  );

  it("stay the first one's when many make one for the same person", async () => {
    const { again, requests } = await open();
    const sealers = await Promise.all(Array.from({ length: 10 }, () => again().sealer("ana")));
    const sealed = sealers.map((sealer) => sealer?.seal(Buffer.from("hello"), "c") ?? Buffer.alloc(0));
    for (const sealer of sealers)
      for (const one of sealed) expect(Buffer.from(sealer?.open(one, "c") ?? []).toString()).toBe("hello");
    expect(requests.filter((request) => request === "GenerateDataKey")).not.toHaveLength(1);
  });

  it("are bound to their subject: one that is moved to another does not open", async () => {
    const { keys, again, dynamo, table } = await open();
    await keys.sealer("ana");
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: { pk: { S: "ana" } } }));
    const moved = { ...Item, pk: { S: "ben" } };
    await dynamo.send(new PutItemCommand({ TableName: table, Item: moved }));
    await expect(again().sealer("ben")).rejects.toThrow("not so");
  });

  it("leave no key in the clear, and no wrapped one once destroyed", async () => {
    const { keys, dynamo, table } = await open();
    await keys.sealer("ana");
    const get = new GetItemCommand({ TableName: table, Key: { pk: { S: "ana" } } });
    expect((await dynamo.send(get)).Item?.["wrapped"]?.B).toHaveLength(12 + 32 + 16);
    await keys.destroy("ana");
    expect((await dynamo.send(get)).Item).toEqual({ pk: { S: "ana" } });
  });
});
