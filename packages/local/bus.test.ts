import { describe, expect, it } from "vitest";
import { BusEvent } from "#core/events/bus.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { sqliteQueues } from "#core/store/sqlite-queues.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { golden } from "#core/testing/golden.ts";
import { stream } from "#core/testing/given.ts";
import { heeds } from "#core/views/heeds.ts";
import { localBus } from "./bus.ts";

const update = "update-0123";
const isOfNoConversation = new Set(["AccountUpdateReceived", "UpdateQuarantined"]);

const busEvent = (type: string, data: BusEvent["detail"]["data"], version = 1): BusEvent => {
  const of = isOfNoConversation.has(type) ? update : stream;
  return {
    source: "hilo",
    "detail-type": type,
    time: "2026-11-23T12:00:00.000Z",
    detail: {
      id: `${of}@${version}`,
      stream: of,
      version,
      at: "2026-11-23T12:00:00.000Z",
      subject: "contact",
      commitId: "commit",
      schemaVersion: 1,
      data,
    },
  };
};

const publish = async (...events: BusEvent[]) => {
  const queues = sqliteQueues(openSqlite(":memory:", { durability: "normal" }), Date.now);
  const refused = await localBus(queues, subscriptions).publish(events);
  const received = await Promise.all(
    subscriptions.map(async ({ name }) => {
      const messages = await queues.receive(name, { max: 100, visibilityMs: 1_000 });
      return [name, messages.map(({ body }) => BusEvent.parse(JSON.parse(body)))] as const;
    }),
  );
  return { refused, received: Object.fromEntries(received.filter(([, got]) => got.length > 0)) };
};

const projections = (type: string): string[] =>
  Object.entries<readonly string[]>(heeds).flatMap(([view, types]) => (types.includes(type) ? [view] : []));

/** Who else hears of a conversation's events than the views that heed them. */
const commands = ({ type, data }: (typeof golden)[number]): string[] => {
  if (type === "ReplyGenerated") return ["summarise-context"];
  if (type === "MessageReceived")
    return [
      ...(data["noReply"] === undefined ? ["generate-reply"] : []),
      ...("media" in (data["content"] as object) ? ["fetch-media"] : []),
    ];
  if (type === "HumanRequested" || type === "SendParked") return ["notify-people"];
  return type === "SendRequested" ? ["send-message"] : [];
};

describe("an event", () => {
  it.each(golden)("$file goes to those who subscribed to it, and to nobody else", async (sample) => {
    const { refused, received } = await publish(busEvent(sample.type, sample.data));
    const expected = isOfNoConversation.has(sample.type)
      ? []
      : [...projections(sample.type), ...commands(sample)];
    expect(Object.keys(received).toSorted()).toEqual(expected.toSorted());
    expect(refused).toEqual([]);
  });

  it("is answered only when nothing says why it should not be", async () => {
    const heard = async (data: object) =>
      "generate-reply" in (await publish(busEvent("MessageReceived", { ...data }))).received;
    expect(await heard({})).toBe(true);
    expect(await heard({ noReply: "over-rate" })).toBe(false);
  });

  it("arrives as it was published, with the envelope's id", async () => {
    const event = busEvent("SendRequested", { sendId: "s1" });
    const queues = sqliteQueues(openSqlite(":memory:", { durability: "normal" }), Date.now);
    await localBus(queues, subscriptions).publish([event]);
    const [message] = await queues.receive("send-message", { max: 1, visibilityMs: 1_000 });
    expect(JSON.parse(message?.body ?? "")).toEqual({ version: "0", id: event.detail.id, ...event });
  });

  it("of another source goes to nobody", async () => {
    const foreign = { ...busEvent("SendRequested", {}), source: "aws.s3" } as unknown as BusEvent;
    expect((await publish(foreign)).received).toEqual({});
  });
});

it("events of one batch arrive in order, all of them", async () => {
  const events = [1, 2, 3].map((version) => busEvent("MessageReceived", {}, version));
  const { received } = await publish(...events);
  for (const got of Object.values(received)) expect(got).toEqual(events);
  expect(Object.keys(received)).toHaveLength(projections("MessageReceived").length + 1);
});

it("nothing to publish is nothing sent", async () => {
  expect(await publish()).toEqual({ refused: [], received: {} });
});
