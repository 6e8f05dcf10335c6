import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { schemas } from "../../events/catalogue.ts";
import type { HiloEvent } from "../../events/envelope.ts";
import { mapPersonal } from "../../store/personal-data.ts";
import { testIds, webhook } from "../../testing/whatsapp.ts";
import type { Sender, Update } from "./update.ts";
import { parseWebhook } from "./webhook.ts";

const parse = (body: unknown) => parseWebhook(body, testIds);

const oneOf = (...words: string[]) => fc.constantFrom(...words.join(" ").split(" "));

const words = oneOf(
  "15550100301 PE.1 wamid.A text sent system user_changed_number sealed:1:x __proto__ 1790000000 ",
);
const types = oneOf(
  "text image video document audio sticker location contacts interactive button reaction order system",
  "unsupported edit revoke request_welcome media_placeholder constructor hologram",
);
const names = oneOf(
  "id type from from_user_id to to_user_id timestamp text body image mime_type url interactive button_reply title",
  "context referral group_id errors code status recipient_id pricing contacts wa_id user_id profile name metadata",
  "threads messages system edit message original_message_id reaction message_id emoji order product_items location",
  "latitude longitude __proto__ toString",
);

/** JSON made of the words of webhooks, so that it often comes close to being one. */
const { near } = fc.letrec<{ near: unknown }>((tie) => ({
  near: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(words, types, fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("near"), { maxLength: 4 }),
    fc.dictionary(names, tie("near"), { maxKeys: 8, noNullPrototype: false }),
  ),
}));

const item = fc
  .record({
    id: words,
    from: words,
    type: types,
    timestamp: near,
    payload: near,
    more: fc.dictionary(names, near, { maxKeys: 4 }),
  })
  .map(({ payload, more, ...message }): object => ({ ...message, [message.type]: payload, ...more }));

const field = fc.constantFrom("messages", "standby", "history", "smb_message_echoes", "calls", "security");
const items = fc.array(fc.oneof(item, near), { maxLength: 5 });
const value = fc.record(
  {
    messages: items,
    message_echoes: items,
    statuses: items,
    contacts: items,
    errors: items,
    history: near,
    standby: near,
    metadata: near,
    news: near,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.jsonValue(),
  near,
  fc.tuple(field, value).map(([name, content]) => webhook(name, content)),
);

/** What would be stored of an update. */
const eventsOf = (update: Update): HiloEvent[] => {
  const { businessAccountId, field, kind } = update;
  if (kind === "message" || kind === "status") return [update.event];
  if (kind === "account")
    return [{ type: "AccountUpdateReceived", data: { businessAccountId, field, raw: update.raw } }];
  return [
    { type: "UpdateQuarantined", data: { reason: "malformed", businessAccountId, field, raw: update.raw } },
  ];
};

/** The event as it comes back: its schema knows every field, and the codec takes every value. */
const readBack = (event: HiloEvent): unknown => {
  const schema = schemas.get(event.type);
  return schema && schema.parse(mapPersonal(schema, event, (plain) => plain));
};

const isNamed = ({ phone, userId, parentUserId }: Sender) =>
  [phone, userId, parentUserId].some((name) => name !== undefined);

describe("for any JSON value", () => {
  test("F5: parsing never throws, and every event is one that can be stored", () => {
    fc.assert(
      fc.property(body, (json) => {
        const updates = parse(json);
        const events = updates.flatMap(eventsOf);
        expect(events.map(readBack)).toStrictEqual(events);
        expect(
          updates.flatMap((update) => (update.kind === "message" ? [update.sender] : [])).every(isNamed),
        ).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("F5: nothing of what a list holds is lost", () => {
    fc.assert(
      fc.property(items, items, (messages, statuses) => {
        const updates = parse(webhook("messages", { messages, statuses }));
        expect(updates).toHaveLength(Math.max(1, messages.length + statuses.length));
      }),
    );
  });

  test("F3: the order of keys makes no difference, to the digest least of all", () => {
    fc.assert(
      fc.property(body, (json) => {
        expect(parse(reversed(json))).toEqual(parse(json));
      }),
    );
  });

  test("a bad item changes nothing about its neighbours", () => {
    const good = {
      id: "wamid.G",
      from: "15550100301",
      timestamp: "1790000000",
      type: "text",
      text: { body: "Hi" },
    };
    const alone = parse(webhook("messages", { messages: [good] }));
    fc.assert(
      fc.property(items, items, (before, after) => {
        const updates = parse(webhook("messages", { messages: [...before, good, ...after] }));
        expect(updates[before.length]).toEqual(alone[0]);
      }),
    );
  });
});

test("F28: depth that got past the guard is cut, not thrown on", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 20_000; level++) deep = level % 2 ? [deep] : { deep };
  expect(parse(deep)).toHaveLength(1);
  expect(parse(webhook("messages", { messages: [deep], standby: deep, news: deep }))).toHaveLength(2);
  expect(parse(webhook("security", { deep }))).toHaveLength(1);
});

const reversed = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(reversed);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .toReversed()
      .map(([name, content]) => [name, reversed(content)]),
  );
};
