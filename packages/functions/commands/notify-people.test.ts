import { beforeEach, describe, expect, it } from "vitest";
import type { Notification, Notifier } from "#core/clients/notifier.ts";
import type { ConversationEvent } from "#core/events/conversation.ts";
import { conversationStream } from "#core/events/stream.ts";
import {
  identified,
  received,
  sendRequested,
  sendStarted,
  sent,
  started,
  tookOver,
} from "#core/testing/samples.ts";
import { world, type World } from "../testing/world.ts";
import { notifyPeople } from "./notify-people.ts";

const stream = conversationStream("01JD0000000000000000000000", "1065550000");
const asked: ConversationEvent = { type: "HumanRequested", data: {} };
const parked: ConversationEvent = { type: "SendParked", data: { sendId: "s1" } };

let w: World;
let told: { channel: string; news: Notification }[];
let broken: Set<string>;
const notifier = (channel: string): Notifier => ({
  channel,
  async notify(news) {
    if (broken.has(channel)) throw new Error("no mail for 34600000001");
    told.push({ channel, news });
  },
});
const handler = (link = "https://desk.example.com/{id}") =>
  notifyPeople({ ...w.deps, notifiers: [notifier("one"), notifier("two")], link });

beforeEach(async () => {
  w = world();
  [told, broken] = [[], new Set()];
  await w.deps.record(stream, started(), identified(), received("m1"));
});

const notified = async () =>
  (await w.events(stream)).flatMap((event) => (event.type === "PeopleNotified" ? [event.data] : []));

describe("people", () => {
  it("are told by every channel that the bot asks for one of them, and where", async () => {
    await w.deps.record(stream, asked);
    expect(await w.deliver(handler(), stream, 4)).toBe(true);
    expect(told.map(({ channel }) => channel)).toEqual(["one", "two"]);
    expect(told[0]?.news).toEqual({
      subject: "A conversation waits for a person",
      text: `The bot can't go on, and says nothing more, in ${stream}.`,
      conversationId: stream,
      link: `https://desk.example.com/${stream}`,
      dedupeKey: `${stream}@4`,
    });
    expect(await notified()).toEqual([
      { of: 4, because: "human-requested", channels: ["one", "two"], failed: [] },
    ]);
  });

  it("are told that a send waits for their decision", async () => {
    await w.deps.record(stream, sendRequested("s1"), sendStarted("s1"), parked);
    await w.deliver(handler(""), stream, 6);
    expect(told[0]?.news.subject).toBe("A message waits for a decision");
    expect(told[0]?.news.link).toBeUndefined();
    expect(await notified()).toMatchObject([{ of: 6, because: "send-parked" }]);
  });

  it("are told once, however often the event comes", async () => {
    await w.deps.record(stream, asked);
    for (let time = 0; time < 3; time++) await w.deliver(handler(), stream, 4);
    expect(told).toHaveLength(2);
    expect(await notified()).toHaveLength(1);
  });

  it("are told under the same key when it happens twice at once", async () => {
    await w.deps.record(stream, asked);
    await Promise.all([w.deliver(handler(), stream, 4), w.deliver(handler(), stream, 4)]);
    expect(new Set(told.map(({ news }) => news.dedupeKey)).size).toBe(1);
    expect(await notified()).toHaveLength(1);
  });

  it("are told by what works, and what doesn't is recorded and logged", async () => {
    broken.add("one");
    await w.deps.record(stream, asked);
    expect(await w.deliver(handler(), stream, 4)).toBe(true);
    expect(told.map(({ channel }) => channel)).toEqual(["two"]);
    expect(await notified()).toMatchObject([{ channels: ["two"], failed: ["one"] }]);
    expect(w.logged.join()).toContain('"channel":"one"');
    expect(w.logged.join()).not.toContain("34600000001");
  });

  it("are told later when nothing works", async () => {
    broken = new Set(["one", "two"]);
    await w.deps.record(stream, asked);
    expect(await w.deliver(handler(), stream, 4)).toBe(false);
    expect(await notified()).toEqual([]);
    broken.clear();
    expect(await w.deliver(handler(), stream, 4)).toBe(true);
    expect(await notified()).toHaveLength(1);
  });

  it.each<[string, ConversationEvent[], number]>([
    ["somebody has taken the conversation", [asked, tookOver()], 4],
    ["the bot has it again", [asked, { type: "BotResumed", data: { by: "ana" } }], 4],
    ["the person is erased", [asked, { type: "ContactErased", data: {} }], 4],
    ["the conversation goes on elsewhere", [asked, { type: "ConversationMoved", data: { to: "x" } }], 4],
    ["it was asked for again since", [asked, asked], 4],
    ["the send turned out to be made", [sendRequested("s1"), sendStarted("s1"), parked, sent("s1")], 6],
    [
      "the send was decided about",
      [
        sendRequested("s1"),
        sendStarted("s1"),
        parked,
        { type: "SendResolved", data: { sendId: "s1", by: "ana" } },
      ],
      6,
    ],
  ])("are not told when %s", async (_, events, version) => {
    await w.deps.record(stream, ...events);
    expect(await w.deliver(handler(), stream, version)).toBe(true);
    expect(told).toEqual([]);
    expect(await notified()).toEqual([]);
  });

  it("are told of each of two things that wait", async () => {
    await w.deps.record(stream, sendRequested("s1"), sendStarted("s1"), parked, asked);
    await w.deliver(handler(), stream, 7);
    await w.deliver(handler(), stream, 6);
    expect((await notified()).map(({ of }) => of)).toEqual([7, 6]);
  });

  it("read nothing about the customer", async () => {
    await w.deps.record(stream, asked);
    await w.deliver(handler(), stream, 4);
    expect(JSON.stringify(told)).not.toMatch(/Lucía|34600000001|abrís/);
  });
});
