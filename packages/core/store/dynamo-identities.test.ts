import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { watch } from "../testing/watched-client.ts";
import { identityItems } from "./dynamo-identity-items.ts";
import { dynamoIdentities } from "./dynamo-identities.ts";
import { identitiesContract } from "./identities.contract.ts";
import type { Alias, Identities } from "./identities.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

identitiesContract("DynamoDB (dynalite)", async () =>
  dynamoIdentities(await newDynamoTable(server.endpoint, "identities")),
);

describe("identities whose writers die or race", () => {
  const aliases = (names: string): Alias[] =>
    names.split(" ").map((name) => ({
      kind: name.startsWith("p") ? ("phone" as const) : ("user-id" as const),
      hash: name,
    }));
  const id = (number: number): string => `01J${String(number).padStart(23, "0")}`;

  const open = async () => {
    const { client, table } = await newDynamoTable(server.endpoint, "identities");
    let writesLeft = Number.POSITIVE_INFINITY;
    const commands: string[] = [];
    watch(client, {
      before: ({ command }) => {
        commands.push(command);
        if (/^(Put|Update|Delete)/.test(command) && writesLeft-- <= 0) throw new Error("crash");
      },
    });
    const identities = dynamoIdentities({ client, table });
    return { identities, client, table, commands, dieAfter: (writes: number) => (writesLeft = writes) };
  };
  const groups = async (identities: Identities, names: string) => {
    const holders = await Promise.all(
      names.split(" ").map(async (name) => [(await identities.find(aliases(name)))?.contactId, name]),
    );
    return Object.values(Object.groupBy(holders, ([contactId]) => contactId ?? "nobody")).map((group) =>
      group?.map(([, name]) => name).join(" "),
    );
  };

  const stories: { given: string[]; sighting: string; linked?: boolean }[] = [
    { given: [], sighting: "p1 u1 e1" },
    { given: ["p1"], sighting: "p1 u1" },
    { given: ["p1", "u1", "e1"], sighting: "p1 u1 e1" },
    { given: ["p1 u1"], sighting: "p1 u2" },
    { given: ["p1 u1", "u2"], sighting: "p1 u2" },
    { given: ["p1 u1", "p2 u2"], sighting: "p1 p2", linked: true },
  ];

  it.each(stories)(
    "repeat $sighting after $given, wherever it stopped",
    async ({ given, sighting, linked = false }) => {
      const tell = async (writes: number) => {
        const { identities, dieAfter } = await open();
        for (const [index, names] of given.entries()) await identities.resolve(aliases(names), id(index + 1));
        dieAfter(writes);
        const isDone = await identities.resolve(aliases(sighting), id(8), { linked }).then(
          () => true,
          () => false,
        );
        dieAfter(Number.POSITIVE_INFINITY);
        const contact = await identities.resolve(aliases(sighting), id(9), { linked });
        const after = await groups(identities, "p1 p2 u1 u2 e1");
        const part = contact.absorbed.length > 0 ? await identities.get(contact.absorbed[0] ?? "") : contact;
        expect(part).toEqual(contact);
        return { isDone, after, absorbed: contact.absorbed };
      };
      const whole = await tell(Number.POSITIVE_INFINITY);
      let writes = 0;
      for (; ; writes++) {
        const { isDone, ...told } = await tell(writes);
        expect({ writes, ...told }).toEqual({ writes, after: whole.after, absorbed: whole.absorbed });
        if (isDone) break;
      }
      expect(writes).toBeGreaterThan(0);
    },
  );

  it("leave nothing of those who were too late", async () => {
    const { identities, client, table } = await open();
    await Promise.all(
      Array.from({ length: 20 }, (_, number) => identities.resolve(aliases("p1 u1 e1"), id(number))),
    );
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const kinds = Items.map(({ pk }) => String(pk?.S?.split("#")[0]));
    expect(kinds.filter((kind) => kind === "alias")).toHaveLength(3);
    expect(kinds.filter((kind) => kind === "contact")).toHaveLength(1);
  });

  it("cost two reads for a contact that is known, and no write", async () => {
    const { identities, commands } = await open();
    await identities.resolve(aliases("p1 u1"), id(1));
    commands.length = 0;
    await identities.resolve(aliases("p1 u1"), id(2));
    expect(commands).toEqual(["BatchGetItemCommand", "BatchGetItemCommand"]);
  });

  it("are one person for all who see parts of them at the same time", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 10; round++) {
      const { identities } = await open();
      const seen = ["p1", "u1", "p1 u1", "u1 e1", "p1 u1 e1", "e1"];
      await Promise.all(seen.map((names, index) => identities.resolve(aliases(names), id(index + 1))));
      const contact = await identities.resolve(aliases("p1 u1 e1"), id(9));
      expect(await groups(identities, "p1 u1 e1")).toEqual(["p1 u1 e1"]);
      for (const absorbed of contact.absorbed) expect(await identities.get(absorbed)).toEqual(contact);
    }
  });

  it("keep a user id that came later as the contact's own, and leave no alias when it is forgotten", async () => {
    const { identities, client, table } = await open();
    await identities.resolve(aliases("p1"), id(1));
    await identities.resolve(aliases("p1 u1"), id(2));
    expect((await identities.resolve(aliases("p1 u2"), id(3))).contactId).toBe(id(3));
    await identities.forget(id(1));
    await identities.forget(id(3));
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    expect(Items.map(({ pk }) => pk?.S).filter((pk) => pk?.startsWith("alias#"))).toEqual([]);
    expect(Items.some(({ aliases: known }) => known !== undefined)).toBe(false);
  });

  it("claim no alias that has moved since it was seen", async () => {
    const { identities, client, table } = await open();
    const items = identityItems(client, table);
    await identities.resolve(aliases("p1 u1"), id(1));
    const [seen] = await items.sight(aliases("p1"));
    await identities.resolve(aliases("p1 u2"), id(2));
    expect(seen && (await items.claim(seen, id(1)))).toBe(false);
    expect((await identities.find(aliases("p1")))?.contactId).toBe(id(2));
  });

  it("never find a person again whom they forgot, though an alias was on its way", async () => {
    const { identities, client, table } = await open();
    await identities.resolve(aliases("p1"), id(1));
    await identities.forget(id(1));
    const alias = { pk: { S: "alias#user-id#u1" }, contactId: { S: id(1) } };
    await client.send(new PutItemCommand({ TableName: table, Item: alias }));
    expect(await identities.find(aliases("u1"))).toBeUndefined();
    expect((await identities.resolve(aliases("u1"), id(2))).contactId).toBe(id(2));
  });
});
