import { describe, expect, it } from "vitest";
import { message, statusOf, webhook } from "#functions/testing/webhooks.ts";
import { startOfTest as now, world, type World } from "#functions/testing/world.ts";
import { generateReply } from "./generate-reply.ts";
import { callMs, parkAfterMs, sendMessage } from "./send-message.ts";
import { takeOver } from "./take-over.ts";

const lucia = { phone: "34600000001" };
/** Where the intent to send stands: after started, identified, received, claimed and generated. */
const intent = 6;

/** A conversation with an answer that waits to be sent. */
const answered = async (): Promise<{ w: World; stream: string; send: () => Promise<boolean> }> => {
  const w = world();
  await w.post(webhook(message(lucia, "wamid.1", now)));
  const stream = (await w.streams())[0] ?? "";
  await w.deliver(generateReply(w.deps), stream, 3);
  return { w, stream, send: () => w.deliver(sendMessage(w.deps), stream, intent) };
};

const since = async (w: World, stream: string) => (await w.types(stream)).slice(intent);

describe("sending", () => {
  it("records the attempt, calls once, records the outcome", async () => {
    const { w, stream, send } = await answered();
    w.whatsapp.during = async () => expect(await since(w, stream)).toEqual(["SendStarted"]);
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual(["SendStarted", "MessageSent"]);
    expect(w.whatsapp.sent).toMatchObject([
      { to: { phone: "34600000001" }, content: { type: "text", text: "A las 8:00." } },
    ]);
  });

  it("says how long the customer has waited since the newest message, once for each reply", async () => {
    const w = world();
    await w.post(webhook(message(lucia, "wamid.1", now)));
    w.pass(3_000);
    await w.post(webhook(message(lucia, "wamid.2", now)));
    const stream = (await w.streams())[0] ?? "";
    await w.deliver(generateReply(w.deps), stream, 4);
    const request = (await w.types(stream)).indexOf("SendRequested") + 1;
    w.pass(700);
    for (const _ of ["first", "again"]) await w.deliver(sendMessage(w.deps), stream, request);
    const lines = w.logged.map((line): unknown => JSON.parse(line));
    expect(lines.filter((line) => JSON.stringify(line).includes("reply sent"))).toEqual([
      { level: "info", message: "reply sent", stream, durationMs: w.deps.quietMs + 700 },
    ]);
  });

  it("never calls twice, however often or at the same moment the intent is delivered", async () => {
    const { w, send } = await answered();
    await Promise.all([send(), send(), send()]);
    w.pass(callMs);
    await send();
    expect(w.whatsapp.sent).toHaveLength(1);
  });

  it("a refusal for ever is the end of it", async () => {
    const { w, stream, send } = await answered();
    w.whatsapp.next = [{ outcome: "refused", retry: "never", reason: "recipient-unreachable", code: 131026 }];
    expect(await send()).toBe(true);
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual(["SendStarted", "SendFailed"]);
    expect(w.whatsapp.sent).toHaveLength(1);
  });

  it("F24: a refusal for now is tried again, as the same intent", async () => {
    const { w, stream, send } = await answered();
    w.whatsapp.next = [{ outcome: "refused", retry: "later", reason: "rate-limited", code: 130429 }];
    expect(await send()).toBe(false);
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual(["SendStarted", "SendFailed", "SendStarted", "MessageSent"]);
    const intents = w.whatsapp.sent.map(({ sendRef }) => sendRef.replace(/:\d+$/, ""));
    expect(new Set(intents).size).toBe(1);
  });
});

describe("a call of which nobody knows what became of it (F23)", () => {
  const uncertain = async () => {
    const all = await answered();
    all.w.whatsapp.next = [{ outcome: "uncertain", reason: "timeout" }];
    expect(await all.send()).toBe(false);
    all.w.pass(callMs);
    return all;
  };

  it("is settled by history that has it", async () => {
    const { w, stream, send } = await uncertain();
    w.whatsapp.found = { found: "sent", wamid: "wamid.out1" };
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual(["SendStarted", "SendUncertain", "MessageSent"]);
    expect(w.whatsapp.sent).toHaveLength(1);
  });

  it("is made again only when history proves that it never arrived", async () => {
    const { w, stream, send } = await uncertain();
    w.whatsapp.found = { found: "absent" };
    expect(await send()).toBe(false);
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual([
      "SendStarted",
      "SendUncertain",
      "SendFailed",
      "SendStarted",
      "MessageSent",
    ]);
  });

  it("is settled by a status that carries our reference", async () => {
    const { w, stream, send } = await uncertain();
    await w.post(webhook(statusOf("wamid.out1", "delivered", now, w.whatsapp.sent[0]?.sendRef)));
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual([
      "SendStarted",
      "SendUncertain",
      "MessageSent",
      "DeliveryStatusReceived",
    ]);
    expect(w.whatsapp.sent).toHaveLength(1);
  });

  it("waits for a person when nothing settles it in time", async () => {
    const { w, stream, send } = await uncertain();
    expect(await send()).toBe(false);
    w.pass(parkAfterMs + 1);
    await send();
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual(["SendStarted", "SendUncertain", "SendParked"]);
    expect(w.whatsapp.sent).toHaveLength(1);
  });

  it("after a crash within the call, is asked about only once the call must be over", async () => {
    const { w, stream, send } = await answered();
    w.whatsapp.during = async () => {
      throw new Error("killed");
    };
    expect(await send()).toBe(false);
    w.whatsapp.found = { found: "absent" };
    w.whatsapp.during = async () => {};
    w.pass(callMs - 1);
    expect(await send()).toBe(false);
    expect(await since(w, stream)).toEqual(["SendStarted"]);
    w.pass(1);
    await send();
    expect(await since(w, stream)).toEqual(["SendStarted", "SendFailed"]);
  });
});

it("F6: statuses that come before the send is recorded are applied when it is", async () => {
  const { w, stream, send } = await answered();
  w.whatsapp.during = async () => {
    await w.post(webhook(statusOf("wamid.out1", "delivered", now), statusOf("wamid.out1", "sent", now)));
  };
  await send();
  expect(await since(w, stream)).toEqual([
    "SendStarted",
    "MessageSent",
    "DeliveryStatusReceived",
    "DeliveryStatusReceived",
  ]);
  const statuses = (await w.events(stream)).filter(({ type }) => type === "DeliveryStatusReceived");
  expect(statuses.every(({ data }) => "sendId" in data && data.sendId !== undefined)).toBe(true);
});

it("a fault of ours is not WhatsApp's: other customers are sent to all the same", async () => {
  const { w, send } = await answered();
  const { placeMessage } = w.deps.identities;
  w.deps.identities.placeMessage = () => Promise.reject(new Error("the table is throttled"));
  for (let conversation = 0; conversation < 6; conversation++) {
    const other = { phone: `3469000000${conversation}` };
    await w.post(webhook(message(other, `wamid.o${conversation}`, now)));
  }
  const others = (await w.streams()).slice(1);
  for (const stream of others) {
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(await w.deliver(sendMessage(w.deps), stream, intent)).toBe(false);
  }
  w.deps.identities.placeMessage = placeMessage;
  expect(await send()).toBe(true);
});

it("while the circuit is open nothing is called, nobody's turn is spent, and the intent comes again", async () => {
  const { w, stream, send } = await answered();
  await w.deps.circuits.trip("graph/1065550123000001", now + 60_000);
  let places = 0;
  const { reserve } = w.deps.pacing;
  w.deps.pacing.reserve = (...asked) => {
    places++;
    return reserve(...asked);
  };
  expect(await send()).toBe(false);
  expect([w.whatsapp.sent.length, places, await since(w, stream)]).toEqual([0, 0, []]);
  w.pass(120_000);
  expect(await send()).toBe(true);
  expect(w.whatsapp.sent).toHaveLength(1);
});

describe("what the rehearsal found", () => {
  const sendOf = async (w: World, stream: string) =>
    (await w.events(stream)).flatMap(({ type, data }) =>
      type === "DeliveryStatusReceived" ? [data.sendId] : [],
    );

  it("a status without our reference, while the send is recorded, belongs to its send", async () => {
    const { w, stream, send } = await answered();
    const { placeMessage } = w.deps.identities;
    w.deps.identities.placeMessage = async (...placed) => {
      await placeMessage(...placed);
      await w.post(webhook(statusOf("wamid.out1", "sent", now)));
    };
    await send();
    expect(await sendOf(w, stream)).toEqual([w.whatsapp.sent[0]?.sendRef.split(":")[1]]);
  });

  it("statuses kept for a message are adopted although whoever sent it died as it was recorded", async () => {
    const { w, stream, send } = await answered();
    const { placeMessage } = w.deps.identities;
    w.whatsapp.during = async () => void (await w.post(webhook(statusOf("wamid.out1", "sent", now))));
    w.deps.identities.placeMessage = async () => {
      throw new Error("out of memory");
    };
    expect(await send()).toBe(false);
    w.deps.identities.placeMessage = placeMessage;
    expect(await send()).toBe(true);
    expect(await since(w, stream)).toEqual(["SendStarted", "MessageSent", "DeliveryStatusReceived"]);
    expect(w.whatsapp.sent).toHaveLength(1);
  });

  it.each([
    { holder: "a person", type: "SendFailed", calls: 0 },
    { holder: "a person who comes as its turn is waited for", type: "SendFailed", calls: 0 },
    { holder: "the bot", type: "SendStarted", calls: 1 },
  ])("what waits in a conversation that moved to one that $holder has", async ({ holder, type, calls }) => {
    const w = world();
    const nameless = { userId: "ES.9000000001" };
    await w.post(webhook(message(lucia, "wamid.1", now)));
    const [older = ""] = await w.streams();
    await w.post(webhook(message(nameless, "wamid.2", now)));
    const [newer = ""] = (await w.streams()).filter((stream) => stream !== older);
    await w.deliver(generateReply(w.deps), newer, 3);
    const personComes = () => takeOver(w.deps, older, { by: "ana" });
    if (holder === "a person") await personComes();
    const { reserve } = w.deps.pacing;
    w.deps.pacing.reserve = async (...args) => {
      if (holder.includes("turn")) await personComes();
      return reserve(...args);
    };
    await w.post(webhook(message({ ...lucia, ...nameless }, "wamid.3", now)));
    expect(await w.types(newer)).toContain("ConversationMoved");
    expect(await w.deliver(sendMessage(w.deps), newer, intent)).toBe(true);
    expect(await w.types(newer)).toContain(type);
    expect(w.whatsapp.sent).toHaveLength(calls);
  });

  it.each([
    { waitedMs: 0, delayMs: 500 },
    { waitedMs: 2_000, delayMs: 500 },
    { waitedMs: 4_000, delayMs: 1_000 },
    { waitedMs: 240_000, delayMs: 60_000 },
    { waitedMs: 3_000_000, delayMs: 60_000 },
  ])("after $waitedMs ms behind another, the next look is in $delayMs", async ({ waitedMs, delayMs }) => {
    const w = world();
    w.model.answer = { ...w.model.answer, text: "Frase larga. ".repeat(400) };
    await w.post(webhook(message(lucia, "wamid.1", now)));
    const [stream = ""] = await w.streams();
    await w.deliver(generateReply(w.deps), stream, 3);
    w.pass(waitedMs);
    await w.deliver(sendMessage(w.deps), stream, intent + 1);
    expect(w.again.map((message) => message.delayMs)).toEqual([delayMs]);
  });
});
