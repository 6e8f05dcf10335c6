import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sign } from "#core/clients/whatsapp/signature.ts";
import { eraseContact } from "#functions/commands/erase-contact.ts";
import { business, echo, message, statusOf, userIdChanged, webhook } from "#functions/testing/webhooks.ts";
import { appSecret, startOfTest as now, world, type World } from "#functions/testing/world.ts";
import { receiveWebhook } from "./receive-webhook.ts";
import { views } from "#core/views/all.ts";

const lucia = { phone: "34600000001" };

const onlyStream = async (w: World): Promise<string> => {
  const streams = await w.streams();
  expect(streams).toHaveLength(1);
  return streams[0] ?? "";
};

/** How many commits there are that belong to no conversation. */
const setAside = async ({ deps: { store } }: World): Promise<string[]> => {
  const { commits } = await store.log.feed(undefined, 1_000);
  const decoded = await Promise.all(
    commits.filter(({ stream }) => !stream.startsWith("conversation-")).map(store.codec.decode),
  );
  return decoded.flat().map((event) => ("reason" in event.data ? event.data.reason : event.type));
};

describe("who may speak", () => {
  it("F41: 401 without a signature, and nothing is read", async () => {
    const w = world();
    expect(await w.post("not even JSON", { signature: "" })).toBe(401);
    expect(w.logged.join()).not.toContain("JSON");
  });

  it.each([
    ["F42: one that is too short", "sha256=00"],
    ["F42: one that is not hex", `sha256=${"z".repeat(64)}`],
    ["F43: one of another algorithm", `sha1=${"0".repeat(40)}`],
    ["one of another secret", sign(Buffer.from("{}"), "another secret")],
  ])("401 for %s", async (_, signature) => {
    expect(await world().post("{}", { signature })).toBe(401);
  });

  it("F45: two secrets are good while one replaces the other", async () => {
    const w = world();
    w.deps.appSecrets.push("the next secret");
    const body = JSON.stringify(webhook(message(lucia, "wamid.1", now)));
    expect(await w.post(body, { signature: sign(Buffer.from(body), "the next secret") })).toBe(200);
    expect(await w.post(body, { signature: sign(Buffer.from(body), appSecret) })).toBe(200);
  });

  it("fails closed when there is no secret", async () => {
    const w = world();
    w.deps.appSecrets.length = 0;
    expect(await w.post(webhook(message(lucia, "wamid.1", now)))).toBe(401);
  });
});

describe("what can't be read", () => {
  it.each([
    ["F30: 413 for more than 3 MB", " ".repeat(3 * 1024 * 1024 + 1), 413],
    ["F28: 400 for nesting deeper than 32", "[".repeat(33) + "]".repeat(33), 400],
    ["400 for what is no JSON", "{", 400],
  ])("%s", async (_, body, status) => {
    expect(await world().post(body)).toBe(status);
  });

  it("F31: 400 for what is no UTF-8", async () => {
    const w = world();
    const raw = Buffer.from([0x22, 0xff, 0x22]);
    const event = {
      httpMethod: "POST",
      headers: { "x-hub-signature-256": sign(raw, appSecret) },
      body: raw.toString("base64"),
      isBase64Encoded: true,
    };
    expect((await receiveWebhook(w.deps)(event as never)).statusCode).toBe(400);
  });

  it("any other JSON is acknowledged and kept", async () => {
    const w = world();
    expect(await w.post({ hello: "Meta" })).toBe(200);
    expect(await setAside(w)).toEqual(["malformed"]);
  });
});

describe("the question when a webhook is registered", () => {
  const ask = async (token: string) =>
    receiveWebhook(world().deps)({
      httpMethod: "GET",
      headers: {},
      queryStringParameters: {
        "hub.mode": "subscribe",
        "hub.verify_token": token,
        "hub.challenge": "<b>1158201444</b>",
      },
    } as never);

  it("is answered with the challenge, as plain text", async () => {
    expect(await ask("test-verify-token")).toMatchObject({
      statusCode: 200,
      body: "<b>1158201444</b>",
      headers: { "content-type": "text/plain" },
    });
  });

  it("F46: is refused with a wrong token", async () => {
    expect(await ask("test-verify-tokeN")).toMatchObject({ statusCode: 403 });
  });
});

describe("redelivery", () => {
  it("F3: the same webhook twice at the same moment is one event, and both are acknowledged", async () => {
    const w = world();
    const body = webhook(message(lucia, "wamid.1", now));
    expect(await Promise.all([w.post(body), w.post(body), w.post(body)])).toEqual([200, 200, 200]);
    expect(await w.types(await onlyStream(w))).toEqual([
      "ConversationStarted",
      "ContactIdentified",
      "MessageReceived",
    ]);
  });

  it("an id that comes again with other content is kept aside", async () => {
    const w = world();
    await w.post(webhook(message(lucia, "wamid.1", now)));
    for (let time = 0; time < 2; time++) {
      expect(
        await w.post(webhook(message(lucia, "wamid.1", now, { type: "text", text: { body: "otra cosa" } }))),
      ).toBe(200);
    }
    expect(await w.types(await onlyStream(w))).toHaveLength(3);
    expect(await setAside(w)).toEqual(["id-reused"]);
  });

  it("after the person was erased makes no new conversation", async () => {
    const w = world();
    const body = webhook(message(lucia, "wamid.1", now));
    await w.post(body);
    const [, contactId = ""] = (await onlyStream(w)).split("-");
    await eraseContact({ ...w.deps, viewStore: w.deps.views, views }, contactId);
    expect(await w.post(body)).toBe(200);
    expect(await w.streams()).toHaveLength(1);
    await w.post(webhook(message(lucia, "wamid.2", now)));
    expect(await w.streams()).toHaveLength(2);
  });
});

describe("a webhook of many updates", () => {
  it("F5: a bad one never loses its neighbours", async () => {
    const w = world();
    const bad = { field: "messages", value: { messages: [{ type: "text" }, 7, null] } };
    expect(
      await w.post(
        webhook(
          message(lucia, "wamid.1", now),
          bad,
          { nonsense: true },
          message({ phone: "34600000002" }, "wamid.2", now),
        ),
      ),
    ).toBe(200);
    expect(await w.streams()).toHaveLength(2);
    expect(await setAside(w)).toHaveLength(4);
  });

  it("puts one person's messages in WhatsApp's order, in one commit", async () => {
    const w = world();
    const [first, second] = [message(lucia, "wamid.1", now), message(lucia, "wamid.2", now + 1_000)];
    await w.post(webhook(second, first));
    const received = (await w.events(await onlyStream(w))).filter(({ type }) => type === "MessageReceived");
    expect(received.map(({ data }) => "wamid" in data && data.wamid)).toEqual(["wamid.1", "wamid.2"]);
    expect(new Set(received.map(({ commitId }) => commitId)).size).toBe(1);
  });

  it("takes 1,000 of them", async () => {
    const w = world();
    const many = Array.from({ length: 1_000 }, (_, index) =>
      message({ phone: `3461${String(index).padStart(7, "0")}` }, `wamid.${index}`, now),
    );
    expect(await w.post(webhook(...many))).toBe(200);
    expect(await w.streams()).toHaveLength(1_000);
  });

  it("F47: what is for a number that is not ours is set aside", async () => {
    const w = world();
    w.deps.phoneNumberIds.push("another");
    expect(await w.post(webhook(message(lucia, "wamid.1", now)))).toBe(200);
    expect(await w.streams()).toEqual([]);
    expect(await setAside(w)).toEqual(["foreign-number"]);
  });
});

it("500, and no 200, when the store can't", async () => {
  const w = world();
  w.deps.store.log.append = async () => {
    throw new Error("throttled, says somebody about Lucía");
  };
  expect(await w.post(webhook(message(lucia, "wamid.1", now)))).toBe(500);
  expect(w.logged.join()).not.toContain("Lucía");
});

describe("one person", () => {
  it("F39: without a phone number is as good as any", async () => {
    const w = world();
    await w.post(webhook(message({ userId: "ES.abc" }, "wamid.1", now)));
    await w.post(webhook(message({ userId: "ES.abc" }, "wamid.2", now)));
    expect(await w.types(await onlyStream(w))).toHaveLength(4);
  });

  it("known by phone and by user id becomes one, the older conversation goes on, and knows what the other has seen", async () => {
    const w = world();
    await w.post(webhook(message(lucia, "wamid.1", now)));
    w.pass(1_000);
    await w.post(webhook(message({ userId: "ES.abc" }, "wamid.2", now)));
    await w.post(webhook(message({ ...lucia, userId: "ES.abc" }, "wamid.3", now)));
    const [older = "", newer = ""] = (await w.streams()).toSorted();
    expect(await w.types(newer)).toEqual([
      "ConversationStarted",
      "ContactIdentified",
      "MessageReceived",
      "ConversationMoved",
    ]);
    expect((await w.types(older)).slice(3)).toEqual([
      "ConversationAbsorbed",
      "ContactIdentified",
      "MessageReceived",
    ]);
    await w.post(webhook(message({ userId: "ES.abc" }, "wamid.2", now)));
    expect(await w.types(older)).toHaveLength(6);
    expect(await w.types(newer)).toHaveLength(4);
  });

  it("whose user id rotates stays one", async () => {
    const w = world();
    await w.post(webhook(message({ userId: "ES.old" }, "wamid.1", now)));
    await w.post(webhook(userIdChanged("ES.old", "ES.new", "wamid.2", now)));
    await w.post(webhook(message({ userId: "ES.new" }, "wamid.3", now)));
    expect((await w.types(await onlyStream(w))).filter((type) => type === "MessageReceived")).toHaveLength(2);
  });
});

describe("statuses", () => {
  it("F9: of an unknown message are kept, once each", async () => {
    const w = world();
    for (let time = 0; time < 2; time++) {
      expect(
        await w.post(
          webhook(statusOf("wamid.unknown", "sent", now), statusOf("wamid.unknown", "delivered", now)),
        ),
      ).toBe(200);
    }
    expect(await setAside(w)).toEqual(["unmatched-status", "unmatched-status"]);
  });
});

it("F27: an echo from the business's phone takes the conversation over", async () => {
  const w = world();
  await w.post(webhook(message(lucia, "wamid.1", now)));
  await w.post(webhook(echo(lucia, "wamid.e1", now)));
  expect((await w.types(await onlyStream(w))).slice(3)).toEqual(["MessageEchoed", "HumanTookOver"]);
});

it("account news is kept by field", async () => {
  const w = world();
  const news = { field: "account_alerts", value: { alert: "x" } };
  await w.post(webhook(news, news));
  expect(await setAside(w)).toEqual(["AccountUpdateReceived"]);
});

it("nothing personal stands in a stream's name or a log line", async () => {
  const w = world();
  await w.post(
    webhook(
      message({ ...lucia, name: "CANARYNAME" }, "wamid.CANARYID", now),
      statusOf("wamid.CANARYSTATUS", "sent", now),
    ),
  );
  const { commits } = await w.deps.store.log.feed(undefined, 100);
  const names = commits.flatMap(({ stream, subject, commitId }) => [stream, subject, commitId]).join();
  expect(names + w.logged.join()).not.toMatch(/CANARY|600000001/);
  expect(names).toContain(business.phoneNumberId);
});

const shared = new URL("../../../../shared/fixtures/whatsapp/", import.meta.url);
const fixtures = listFixtures();

function listFixtures(): { name: string; body: { entry?: unknown } }[] {
  try {
    return readdirSync(shared, { recursive: true, encoding: "utf8" })
      .filter(
        (name) =>
          name.endsWith(".json") && !name.startsWith("meta-openapi-send") && !name.startsWith("aws-eum"),
      )
      .map((name) => ({
        name,
        body: JSON.parse(readFileSync(new URL(name, shared), "utf8")) as { entry?: unknown },
      }))
      .filter(({ body }) => body.entry !== undefined);
  } catch {
    return [];
  }
}

describe.skipIf(fixtures.length === 0)("every webhook of the shared fixtures", () => {
  it("is acknowledged and kept; shuffled and doubled, it changes nothing", { timeout: 30_000 }, async () => {
    const w = world();
    const refused: string[] = [];
    for (const { name, body } of fixtures) if ((await w.post(body)) !== 200) refused.push(name);
    expect(refused).toEqual([]);
    const size = await w.deps.store.log.size();
    expect(size).toBeGreaterThan(fixtures.length / 2);
    for (const { body } of [...fixtures, ...fixtures].toSorted(
      (a, b) => ((a.name.length * 7919) % 31) - ((b.name.length * 7919) % 31),
    )) {
      expect(await w.post(body)).toBe(200);
    }
    expect(await w.deps.store.log.size()).toBe(size);
  });
});

describe("what a review found", () => {
  const spoken = async (w: World) => {
    await w.post(webhook(message(lucia, "wamid.1", now)));
    return onlyStream(w);
  };

  it("many statuses of one conversation in one webhook are one commit", async () => {
    const w = world();
    const stream = await spoken(w);
    const statuses = Array.from({ length: 50 }, (_, index) => statusOf(`wamid.out${index}`, "read", now));
    for (let index = 0; index < 50; index++)
      await w.deps.identities.placeMessage(w.deps.pseudonyms.messageId(`wamid.out${index}`), stream);
    expect(await w.post(webhook(...statuses))).toBe(200);
    const events = (await w.events(stream)).filter(({ type }) => type === "DeliveryStatusReceived");
    expect(events).toHaveLength(50);
    expect(new Set(events.map(({ commitId }) => commitId)).size).toBe(1);
  });

  it("more than fits one commit is split, and none of it is lost", { timeout: 30_000 }, async () => {
    const w = world();
    const long = (index: number) => ({ type: "text", text: { body: randomText(index) } });
    const many = Array.from({ length: 600 }, (_, index) =>
      message(lucia, `wamid.long${index}`, now, long(index)),
    );
    expect(await w.post(webhook(...many))).toBe(200);
    expect((await w.types(await onlyStream(w))).filter((type) => type === "MessageReceived")).toHaveLength(
      600,
    );
  });

  it("an update too large for any commit is kept, cut, and acknowledged", async () => {
    const w = world();
    const cards = Array.from({ length: 10 }, (_, index) => ({
      name: { formatted_name: randomText(index).repeat(60) },
    }));
    expect(
      await w.post(webhook(message(lucia, "wamid.big", now, { type: "contacts", contacts: cards }))),
    ).toBe(200);
    expect(await setAside(w)).toHaveLength(1);
  });

  it("an erased person's text does not come back by redelivery, even after they wrote again", async () => {
    const w = world();
    const secret = webhook(message(lucia, "wamid.1", now, { type: "text", text: { body: "SECRET" } }));
    await w.post(secret);
    const [, contactId = ""] = (await onlyStream(w)).split("-");
    await eraseContact({ ...w.deps, viewStore: w.deps.views, views }, contactId);
    await w.post(webhook(message(lucia, "wamid.2", now)));
    expect(await w.post(secret)).toBe(200);
    const all = await Promise.all((await w.streams()).map((stream) => w.events(stream)));
    expect(JSON.stringify(all)).not.toContain("SECRET");
  });

  it("a status kept for an erased person does not turn later ones away", async () => {
    const w = world();
    const stream = await spoken(w);
    const withRecipient = (value: string) => {
      const status = {
        id: "wamid.unknown",
        status: value,
        timestamp: "1795435200",
        recipient_id: lucia.phone,
      };
      const change = statusOf("wamid.unknown", value, now);
      return webhook({ ...change, value: { ...change.value, statuses: [status] } });
    };
    await w.post(withRecipient("sent"));
    await eraseContact({ ...w.deps, viewStore: w.deps.views, views }, stream.split("-")[1] ?? "");
    expect(await w.post(withRecipient("delivered"))).toBe(200);
  });

  it("a human who has the newer conversation has the one that absorbs it, too", async () => {
    const w = world();
    await w.post(webhook(message(lucia, "wamid.1", now)));
    w.pass(1_000);
    await w.post(webhook(message({ phone: "34600000009" }, "wamid.2", now)));
    await w.post(webhook(echo({ phone: "34600000009" }, "wamid.e", now)));
    await w.post(webhook(message({ phone: "34600000009", userId: "ES.abc" }, "wamid.3", now)));
    await w.post(webhook(message({ ...lucia, userId: "ES.abc" }, "wamid.4", now)));
    const [older = ""] = (await w.streams()).toSorted();
    expect((await w.types(older)).slice(3, 5)).toEqual(["ConversationAbsorbed", "HumanTookOver"]);
  });

  it("a status of what was sent before a merge still reaches its conversation", async () => {
    const w = world();
    await w.post(webhook(message(lucia, "wamid.1", now)));
    w.pass(1_000);
    await w.post(webhook(message({ userId: "ES.abc" }, "wamid.2", now)));
    const [older = "", newer = ""] = (await w.streams()).toSorted();
    await w.deps.identities.placeMessage(w.deps.pseudonyms.messageId("wamid.out"), newer);
    await w.post(webhook(message({ ...lucia, userId: "ES.abc" }, "wamid.3", now)));
    expect(await w.types(older)).toContain("ConversationAbsorbed");
    await w.post(webhook(statusOf("wamid.out", "delivered", now)));
    expect((await w.types(newer)).at(-1)).toBe("DeliveryStatusReceived");
  });
});

/** Does not compress. */
const randomText = (seed: number): string =>
  Array.from({ length: 900 }, (_, index) =>
    String.fromCharCode(97 + ((seed * 7919 + index * index * 31 + index * seed) % 26)),
  ).join("");
