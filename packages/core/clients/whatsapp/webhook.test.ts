import { describe, expect, test } from "vitest";
import {
  fixture,
  messagesWebhook,
  place,
  receivedAt,
  testIds,
  updatesIn,
  webhook,
} from "../../testing/whatsapp.ts";
import { parseBody } from "./parse-body.ts";
import type { Update } from "./update.ts";
import { parseWebhook } from "./webhook.ts";

const parse = (body: unknown) => parseWebhook(body, testIds);
const ana = {
  phone: "15550100301",
  userId: "PE.90000000000000000301",
  parentUserId: "PE.ENT.8000301",
  name: "Ana Torres",
  username: "anatorres",
};
const hash = (wamid: string) => `hash of ${wamid}`;
const digest = expect.stringMatching(/^[\w-]{16}$/) as unknown;

/** The type of its event, or its kind, for tests that are about which and how many. */
const gist = (update: Update): string => {
  if (update.kind === "message" || update.kind === "status") return update.event.type;
  return update.kind;
};

test("a text message, with all that is known of its sender", () => {
  expect(updatesIn("text")).toStrictEqual([
    {
      ...place,
      field: "messages",
      kind: "message",
      sender: ana,
      event: {
        type: "MessageReceived",
        data: {
          messageId: hash("wamid.TEXT1"),
          digest,
          wamid: "wamid.TEXT1",
          sentAt: "2026-09-21T14:13:20.000Z",
          content: { type: "text", text: "¿Abren el domingo? 🥟" },
        },
      },
    },
  ]);
});

describe("F5: of a batch, a bad item hurts only itself", () => {
  const updates = updatesIn("batch-with-bad-items");

  test("the good ones are there, in order", () => {
    expect(updates.map(gist)).toEqual([
      "MessageReceived",
      ...Array<string>(4).fill("malformed"),
      "MessageReceived",
      "DeliveryStatusReceived",
      ...Array<string>(2).fill("malformed"),
      "DeliveryStatusReceived",
      ...Array<string>(4).fill("malformed"),
      "MessageReceived",
    ]);
  });

  test("the bad ones are kept whole", () => {
    const raws = updates.flatMap((update) =>
      update.kind === "malformed" ? [JSON.parse(update.raw) as unknown] : [],
    );
    expect(raws).toEqual([
      null,
      { from: "15550100301", id: "", timestamp: "1790000000", type: "text", text: { body: "" } },
      { id: "wamid.NOBODY", timestamp: "1790000000", type: "text", text: { body: "who?" } },
      "text",
      { id: "wamid.OUT1", status: "teleported", timestamp: "1790000003" },
      7,
      { value: { event: "NO_FIELD" } },
      { field: "messages", value: "not an object" },
      { id: "300000000000001" },
      null,
    ]);
  });

  test("a bad one says who sent it, if it does", () => {
    expect(
      updates.flatMap((update) => (update.kind === "malformed" && update.sender ? [update.sender] : [])),
    ).toEqual([ana]);
  });

  test("each is at its own place", () => {
    expect(updates.at(-1)).toMatchObject({
      businessAccountId: "300000000000002",
      phoneNumberId: "400000000000002",
    });
  });
});

test.each([null, 1, "text", [], {}, { entry: {} }, { entry: null, object: "page" }])(
  "F5: the body %j holds nothing, and is kept",
  (body) => {
    expect(parse(body)).toStrictEqual([
      {
        businessAccountId: "",
        phoneNumberId: "",
        field: "",
        kind: "malformed",
        digest,
        raw: JSON.stringify(body),
      },
    ]);
  },
);

test("no updates is no update", () => {
  expect(parse({ object: "whatsapp_business_account", entry: [] })).toEqual([]);
  expect(parse({ entry: [{ id: "1", changes: [] }] })).toEqual([]);
});

test("F47: a number that is not ours is parsed like any other: it is for the caller to tell", () => {
  const [update] = parse({
    entry: [
      { id: "x", changes: [{ field: "messages", value: { messages: [{ from: "15550100301", id: "w" }] } }] },
    ],
  });
  expect(update).toMatchObject({ kind: "message", businessAccountId: "x", phoneNumberId: "" });
});

describe("echoes", () => {
  const updates = updatesIn("echoes");

  test("F27: the customer is the sender of what the business wrote from its phone", () => {
    expect(updates.map((update) => update.kind === "message" && update.sender)).toEqual(
      Array.from({ length: 5 }, () => ana),
    );
    expect(updates[0]).toMatchObject({
      event: { type: "MessageEchoed", data: { by: "person", content: { text: "I'll take this one." } } },
    });
  });

  test("a program of Meta's is a bot", () => {
    expect(updates[1]).toMatchObject({ event: { type: "MessageEchoed", data: { by: "bot" } } });
  });

  test("the business may revoke and edit", () => {
    expect(updates[2]).toMatchObject({
      event: { type: "MessageRevoked", data: { original: hash("wamid.ECHO1"), by: "business" } },
    });
    expect(updates[3]).toMatchObject({
      event: {
        type: "MessageEdited",
        data: { original: hash("wamid.ECHO2"), by: "business", content: { text: "Automatic, and polite" } },
      },
    });
  });

  test("its reaction is an echo that is kept whole", () => {
    expect(updates[4]).toMatchObject({
      event: { type: "MessageEchoed", data: { content: { type: "unknown", kind: "reaction" } } },
    });
  });

  test("the business's own number is never the customer", () => {
    const value = {
      metadata: { display_phone_number: "+1 555-010-0200" },
      message_echoes: [{ from: "15550100301", to: "15550100200", id: "w" }],
    };
    expect(parse(webhook("smb_message_echoes", value)).map(gist)).toEqual(["malformed"]);
    expect(
      parse(webhook("smb_message_echoes", { ...value, contacts: [{ wa_id: "15550100301" }] })),
    ).toMatchObject([{ kind: "message", sender: { phone: "15550100301" } }]);
  });
});

test("standby: what Meta's own agent handles is heard and not answered", () => {
  expect(updatesIn("standby")).toMatchObject([
    { field: "standby", sender: ana, event: { type: "MessageReceived", data: { noReply: "standby" } } },
    {
      sender: ana,
      event: { type: "MessageEchoed", data: { by: "bot", content: { text: "Meta's agent answers" } } },
    },
    { kind: "status", wamid: "wamid.STANDBY2", event: { data: { status: "read" } } },
  ]);
});

test("standby without the inner value is understood too", () => {
  const [update] = parse(webhook("standby", { messages: [{ from: "15550100301", id: "w" }] }));
  expect(update).toMatchObject({ event: { type: "MessageReceived", data: { noReply: "standby" } } });
});

describe("history", () => {
  const updates = updatesIn("history");

  test("the customer's messages are never answered, the business's are no takeover", () => {
    expect(updates.map((update) => update.kind === "message" && [gist(update), update.sender.phone])).toEqual(
      [
        ["MessageEchoed", "15550100301"],
        ["MessageEchoed", "15550100301"],
        ["MessageReceived", "15550100301"],
        ["MessageReceived", "15550100301"],
        ["MessageEchoed", "15550100302"],
        false,
      ],
    );
    expect(updates[0]).toMatchObject({
      event: { data: { history: true, content: { text: "Your order is ready." } } },
    });
    expect(updates[2]).toMatchObject({
      event: { data: { noReply: "history", unknownFields: '{"history_context":{"status":"READ"}}' } },
    });
  });

  test("how far it is, is news of the account", () => {
    expect(updates.at(-1)).toMatchObject({
      kind: "account",
      raw: '{"metadata":{"chunk_order":1,"phase":0,"progress":55}}',
    });
    expect(updatesIn("history-declined").map(gist)).toEqual(["account"]);
  });

  test("a file that comes after its placeholder does not reuse the placeholder's id", () => {
    const idOf = (update: Update | undefined) => update?.kind === "message" && update.event.data.messageId;
    expect(idOf(updates[3])).toBe(hash("wamid.OLD4#media_placeholder"));
    expect(updatesIn("history-media")).toMatchObject([
      {
        event: {
          type: "MessageReceived",
          data: { messageId: hash("wamid.OLD4"), noReply: "history", content: { type: "image" } },
        },
      },
    ]);
  });
});

describe("statuses", () => {
  const [sent, read, played, inGroup, failed] = updatesIn("statuses");

  test("F23: a status says which send it is about", () => {
    expect(sent).toStrictEqual({
      ...place,
      field: "messages",
      kind: "status",
      sendRef: "01SEND",
      wamid: "wamid.OUT1",
      recipient: ana,
      event: {
        type: "DeliveryStatusReceived",
        data: {
          messageId: hash("wamid.OUT1"),
          digest,
          sendId: "01SEND",
          status: "sent",
          occurredAt: "2026-09-21T14:14:00.000Z",
          pricing: { model: "PMP", type: "regular", category: "service", billable: true },
        },
      },
      raw: expect.stringContaining('"id":"wamid.OUT1"') as unknown,
    });
  });

  test("F39: a status of a message to a user id names no phone", () => {
    expect(read).toMatchObject({ recipient: ana, event: { data: { status: "read" } } });
  });

  test("pricing of before July 2025 is understood, and what is left of it kept", () => {
    expect(played).toMatchObject({
      event: {
        data: {
          origin: "service",
          pricing: { model: "CBP", category: "service", billable: true },
          unknownFields: '{"conversation":{"expiration_timestamp":"1690080000","id":"0123456789abcdef"}}',
        },
      },
    });
  });

  test("in a group the recipient is the person, not the group", () => {
    expect(inGroup).toMatchObject({ recipient: { phone: "15550100302" } });
  });

  test("F8: a failure without recipient and contacts still says what failed and why, without phones", () => {
    expect(failed).not.toHaveProperty("recipient");
    expect(failed).toMatchObject({
      wamid: "wamid.OUT4",
      event: {
        data: {
          status: "failed",
          errors: [
            {
              code: 131047,
              title: "Re-engagement message",
              details: "More than 24 hours have passed since … last replied.",
            },
          ],
        },
      },
    });
  });
});

describe("a failed status says what the error asks of us", () => {
  const dataOf = (status: string, ...codes: number[]) => {
    const errors = codes.map((code) => ({ code, title: "Message undeliverable" }));
    const [update] = parse(webhook("messages", { statuses: [{ id: "w", status, errors }] }));
    return update?.kind === "status" ? update.event.data : undefined;
  };

  test.each([
    [131026, "mark-contact"],
    [131056, "slow-pair"],
    [130429, "slow-number"],
    [131042, "stop-number"],
    [132001, "alert-developer"],
  ])("%i: %s", (code, remedy) => {
    expect(dataOf("failed", code)).toMatchObject({ errors: [{ code }], remedy });
  });

  test("or nothing", () => {
    expect(dataOf("failed", 131047)).not.toHaveProperty("remedy");
    expect(dataOf("failed")).not.toHaveProperty("remedy");
    expect(dataOf("sent", 131056)).not.toHaveProperty("remedy");
  });
});

describe("everything else is news of the account", () => {
  test("other fields, one update each, with the entry's time", () => {
    expect(updatesIn("account-news")).toMatchObject([
      { kind: "account", field: "phone_number_quality_update", businessAccountId: place.businessAccountId },
      {
        kind: "account",
        field: "a_field_of_next_year",
        raw: expect.stringContaining('"time":1790000060') as unknown,
      },
    ]);
  });

  test("a handover names its customer and its number", () => {
    expect(updatesIn("handover")).toMatchObject([
      { ...place, kind: "account", sender: { phone: "15550100301" } },
    ]);
  });

  test("errors of a whole value, one update each", () => {
    expect(updatesIn("value-error").map(gist)).toEqual(["account", "account"]);
  });

  test("a value of messages that says something new says so beside its messages", () => {
    const updates = parse(
      webhook("messages", { messages: [{ from: "15550100301", id: "w" }], polls: [{ id: "p" }] }),
    );
    expect(updates.map(gist)).toEqual(["MessageReceived", "account"]);
    expect(updates[1]).toMatchObject({ raw: expect.stringContaining('"polls":[{"id":"p"}]') as unknown });
  });

  test("the same news at another time is other news", () => {
    const digests = [1, 2, 2].map(
      (time) => parse({ entry: [{ id: "1", time, changes: [{ field: "security", value: {} }] }] })[0],
    );
    expect(digests[0]).not.toEqual(digests[1]);
    expect(digests[1]).toEqual(digests[2]);
  });
});

describe("F3: the digest tells a redelivery from other news under a used id", () => {
  const digestsOf = (body: unknown) =>
    parse(body).map((update) => ("event" in update ? update.event.data.digest : update.digest));
  const voice = () => JSON.parse(new TextDecoder().decode(fixture("voice-note"))) as object;

  test("another address for the same media is the same message", () => {
    const again = JSON.parse(JSON.stringify(voice()).replace("hash=first", "hash=second")) as object;
    expect(digestsOf(again)).toEqual(digestsOf(voice()));
  });

  test("other words are another message", () => {
    const text = (body: string) =>
      messagesWebhook([{ from: "15550100301", id: "w", type: "text", text: { body } }]);
    expect(digestsOf(text("one"))).not.toEqual(digestsOf(text("two")));
  });

  test("a media address, which opens the media, is nowhere in what is kept", () => {
    expect(JSON.stringify(parse(parseBody(fixture("voice-note"))))).not.toContain("https://");
    const unknown = {
      type: "hologram",
      hologram: { mime_type: "model/3d", id: "1", url: "https://secret.example" },
    };
    const updates = parse(messagesWebhook([{ from: "15550100301", id: "w", ...unknown }, { ...unknown }]));
    expect(updates.map(gist)).toEqual(["MessageReceived", "malformed"]);
    expect(JSON.stringify(updates)).not.toContain("https://");
  });
});

test("F30: more than 1,000 updates in one POST are all there", () => {
  const messages = Array.from({ length: 5_000 }, (_, n) => ({
    from: `1555${n + 1_000_000}`,
    id: `w${n}`,
    type: "text",
    text: { body: "hi" },
  }));
  const contacts = messages.map(({ from }) => ({ wa_id: from, profile: { name: `Customer ${from}` } }));
  const updates = parse(messagesWebhook(messages, contacts));
  expect(updates).toHaveLength(5_000);
  expect(updates.at(-1)).toMatchObject({
    sender: { name: "Customer 15551004999" },
    event: { data: { sentAt: receivedAt } },
  });
});
