import { describe, expect, it } from "vitest";
import { sqsRecord } from "#functions/testing/sqs-record.ts";
import { echo, message, webhook } from "#functions/testing/webhooks.ts";
import { startOfTest as now, world, type World } from "#functions/testing/world.ts";
import { ModelFault } from "#core/clients/model.ts";
import { answerMsMax, leaseMs } from "#core/domain/reply-time.ts";
import { generateReply } from "./generate-reply.ts";

const lucia = { phone: "34600000001" };

const asked = async (w: World, ...wamids: string[]): Promise<string> => {
  await w.post(webhook(...wamids.map((wamid) => message(lucia, wamid, now))));
  return (await w.streams())[0] ?? "";
};

/** What came after the customer's first message (version 3). */
const since = async (w: World, stream: string) => (await w.types(stream)).slice(3);

describe("an answer", () => {
  it("is claimed, generated from the context, and asked to be sent", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
    expect(await since(w, stream)).toEqual(["ReplyStarted", "ReplyGenerated", "SendRequested"]);
    expect(w.model.asked).toEqual([
      { turns: [{ from: "customer", kind: "text", text: "¿A qué hora abrís?" }], timeoutMs: answerMsMax },
    ]);
    expect(w.whatsapp.typing).toBe(1);
  });

  it("says what the conversation has cost, when there is an answer", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1", "wamid.2");
    for (const version of [3, 4, 4]) await w.deliver(generateReply(w.deps), stream, version);
    expect(w.logged).toEqual([
      JSON.stringify({
        level: "info",
        message: "reply generated",
        stream,
        conversationCostUsd: 0,
        withoutModel: 0,
      }),
    ]);
  });

  it("is one for a burst, whichever of its messages come first", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1", "wamid.2", "wamid.3");
    const handler = generateReply(w.deps);
    for (const version of [5, 3, 4, 5]) expect(await w.deliver(handler, stream, version)).toBe(true);
    expect(w.model.asked).toHaveLength(1);
    expect(w.model.asked[0]?.turns).toHaveLength(3);
  });

  it("waits until the customer has been quiet", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    const before = w.deps.clock().getTime();
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(w.deps.clock().getTime() - before).toBe(w.deps.quietMs);
  });

  it("is made once when its event is delivered twice at the same moment", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    const handler = generateReply(w.deps);
    await Promise.all([w.deliver(handler, stream, 3), w.deliver(handler, stream, 3)]);
    expect(w.again).toHaveLength(1);
    expect((await since(w, stream)).filter((type) => type === "ReplyGenerated")).toHaveLength(1);
    expect(await w.deliver(handler, stream, 3), "the other finds it done").toBe(true);
    expect(w.model.asked).toHaveLength(1);
  });

  it("to what came before a message that is taken back while it is answered is made anew, without it", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1", "wamid.2");
    const revocation = { type: "revoke", revoke: { original_message_id: "wamid.2" } };
    w.model.during = async () => {
      w.model.during = async () => {};
      await w.post(webhook(message(lucia, "wamid.3", now, revocation)));
    };
    const handler = generateReply(w.deps);
    expect(await w.deliver(handler, stream, 3)).toBe(true);
    expect(await w.deliver(handler, stream, 4), "it comes again").toBe(false);
    expect(await w.deliver(handler, stream, 4)).toBe(true);
    expect((await since(w, stream)).slice(1)).toEqual([
      "ReplyStarted",
      "MessageRevoked",
      "ReplyWithheld",
      "ReplyStarted",
      "ReplyGenerated",
      "SendRequested",
    ]);
    expect(w.model.asked.map(({ turns }) => turns.length)).toEqual([2, 1]);
  });

  it("is made by the next one when whoever claimed it died", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    w.model.during = async () => {
      throw new Error("out of memory");
    };
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(false);
    w.model.during = async () => {};
    expect(await w.deliver(generateReply(w.deps), stream, 3), "the lease still stands").toBe(false);
    w.pass(leaseMs);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
    expect(await since(w, stream)).toEqual([
      "ReplyStarted",
      "ReplyStarted",
      "ReplyGenerated",
      "SendRequested",
    ]);
  });
});

describe("while the model thinks", () => {
  it("a newer message discards the draft, and one answer serves both (barge-in)", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    const handler = generateReply(w.deps);
    w.model.during = async () => {
      w.model.during = async () => {};
      await w.post(webhook(message(lucia, "wamid.2", now)));
    };
    await w.deliver(handler, stream, 3);
    expect(await since(w, stream)).toEqual(["ReplyStarted", "MessageReceived", "ReplyWithheld"]);
    await w.deliver(handler, stream, 5);
    expect((await since(w, stream)).slice(3)).toEqual(["ReplyStarted", "ReplyGenerated", "SendRequested"]);
    expect(w.model.asked.at(-1)?.turns).toHaveLength(2);
  });

  it("F26: a human who takes over silences it", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    w.model.during = async () => void (await w.post(webhook(echo(lucia, "wamid.e", now))));
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(await since(w, stream)).toEqual([
      "ReplyStarted",
      "MessageEchoed",
      "HumanTookOver",
      "ReplyWithheld",
    ]);
  });
});

describe("no answer", () => {
  it("to a conversation that a human holds", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    await w.post(webhook(echo(lucia, "wamid.e", now), message(lucia, "wamid.2", now)));
    await w.deliver(generateReply(w.deps), stream, 3);
    await w.deliver(generateReply(w.deps), stream, 6);
    expect(w.model.asked).toEqual([]);
  });

  it("twice", async () => {
    const w = world();
    const stream = await asked(w, "wamid.1");
    await w.deliver(generateReply(w.deps), stream, 3);
    w.pass(60_000);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
    expect(w.model.asked).toHaveLength(1);
  });
});

it("the customer who needs a person is told so, and the bot is silent after", async () => {
  const w = world();
  const stream = await asked(w, "wamid.1");
  w.model.answer = { ...w.model.answer, needsHuman: true, intent: "hand-over" };
  await w.deliver(generateReply(w.deps), stream, 3);
  expect(await since(w, stream)).toEqual([
    "ReplyStarted",
    "ReplyGenerated",
    "HumanRequested",
    "SendRequested",
  ]);
  await w.post(webhook(message(lucia, "wamid.2", now)));
  await w.deliver(generateReply(w.deps), stream, 8);
  expect(w.model.asked).toHaveLength(1);
});

it("a message that is not an event of ours is left in the queue, and its neighbours are done", async () => {
  const w = world();
  const answer = await generateReply(w.deps)({ Records: [sqsRecord("bad", "{")] });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
});

it("a model that is down is not asked again and again; what waits is answered when it is back", async () => {
  const w = world();
  const stream = await asked(w, "wamid.1");
  const handler = generateReply(w.deps);
  w.model.during = async () => {
    throw new ModelFault("unavailable", "later", "down");
  };
  for (let attempt = 0; attempt < 8; attempt++) {
    await w.deliver(handler, stream, 3);
    w.pass(leaseMs);
  }
  const tries = w.model.asked.length;
  expect(tries).toBeLessThan(8);
  w.model.during = async () => {};
  w.pass(10 * 60_000);
  expect(await w.deliver(handler, stream, 3)).toBe(true);
  expect((await since(w, stream)).slice(-2)).toEqual(["ReplyGenerated", "SendRequested"]);
});
