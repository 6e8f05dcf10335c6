import { describe, expect, it } from "vitest";
import { ModelFault } from "#core/clients/model.ts";
import type { Summary, SummaryRequest } from "#core/clients/summariser.ts";
import { turnsAtOnce, turnsKept, turnsPerSummary } from "#core/domain/summarise.ts";
import type { ConversationEvent } from "#core/events/conversation.ts";
import { load } from "#core/store/handle.ts";
import { getContext } from "#core/store/get-context.ts";
import { conversationStream } from "#core/events/stream.ts";
import { echoed, received, replyGenerated, started } from "#core/testing/samples.ts";
import { world } from "#functions/testing/world.ts";
import { paid } from "#functions/testing/told-models.ts";
import { summariseContext, type SummariseContextDeps } from "./summarise-context.ts";

const stream = conversationStream("01JD0000000000000000000000", "1065550000");

const said = (number: number): ConversationEvent =>
  number % 2
    ? echoed(`e${number}`, { content: { type: "text", text: `answer ${number}` }, by: "bot" })
    : received(`m${number}`, { content: { type: "text", text: `message ${number}` }, noReply: "history" });

/** `turns` things said, from version 2 on, and then an answer. */
const conversation = async (turns: number, more: Partial<SummariseContextDeps> = {}) => {
  const w = world();
  const told = {
    asked: [] as SummaryRequest[],
    during: async () => {},
    summary: {
      summary: "They talked.",
      facts: [{ name: "name", value: "Ana" }],
      openQuestions: ["Is there parking?"],
      model: { id: "told", source: "offline" },
      promptHash: "hash",
    } as Summary,
  };
  const summariser = {
    async summarise(request: SummaryRequest) {
      told.asked.push(request);
      await told.during();
      return told.summary;
    },
  };
  await w.deps.record(stream, started());
  const say = async (from: number, to: number) => {
    for (let number = from; number < to; number++) await w.deps.record(stream, said(number));
  };
  await say(0, turns);
  await w.deps.record(stream, replyGenerated("r1", []));
  const handler = summariseContext({ ...w.deps, summariser, ...more });
  const head = () => w.deps.store.log.head(stream);
  const summaries = async () => (await w.events(stream)).filter(({ type }) => type === "ContextSummarised");
  return { w, told, say, summaries, head, hear: async () => w.deliver(handler, stream, turns + 2) };
};

describe("a conversation", () => {
  it("that is short is not summarised", async () => {
    const { told, hear } = await conversation(turnsPerSummary - 1);
    expect(await hear()).toBe(true);
    expect(told.asked).toEqual([]);
  });

  it("that has grown long is, but for its newest turns, and the context holds the one or the other", async () => {
    const { w, told, hear, summaries } = await conversation(turnsPerSummary);
    expect(await hear()).toBe(true);
    expect(told.asked[0]?.turns.map(({ text }) => text)).toEqual(
      Array.from({ length: turnsPerSummary - turnsKept }, (_, n) => `${n % 2 ? "answer" : "message"} ${n}`),
    );
    expect(told.asked[0]).toMatchObject({ language: "es" });
    expect(await summaries()).toMatchObject([
      { data: { upTo: 1 + turnsPerSummary - turnsKept, summary: "They talked." } },
    ]);
    const context = await getContext(w.deps, stream);
    expect(context.turns).toHaveLength(turnsKept);
    expect(context).toMatchObject({
      summary: { text: "They talked." },
      facts: [{ name: "name", value: "Ana" }],
      openQuestions: ["Is there parking?"],
    });
  });

  it("is summarised once, however often and whenever its answers are heard of", async () => {
    const { hear, summaries } = await conversation(turnsPerSummary);
    await Promise.all([hear(), hear()]);
    expect(await hear()).toBe(true);
    expect(await summaries()).toHaveLength(1);
  });

  it("rolls on: the next summary is made of the last one and what came after it", async () => {
    const { told, say, hear, summaries } = await conversation(turnsPerSummary);
    await hear();
    await say(turnsPerSummary, turnsPerSummary * 2 - turnsKept);
    await hear();
    expect(told.asked[1]?.before).toEqual({
      summary: "They talked.",
      facts: [{ name: "name", value: "Ana" }],
      openQuestions: ["Is there parking?"],
    });
    expect(told.asked[1]?.turns[0]?.text).toBe(`message ${turnsPerSummary - turnsKept}`);
    expect(await summaries()).toHaveLength(2);
  });

  it("that has grown far too long is summarised piece by piece", async () => {
    const { w, told, hear } = await conversation(turnsAtOnce + turnsPerSummary);
    expect(await hear(), "there is more to do").toBe(false);
    expect(w.again).toMatchObject([{ delayMs: 500 }]);
    expect(await hear()).toBe(true);
    expect(told.asked.map(({ turns }) => turns.length)).toEqual([turnsAtOnce, turnsPerSummary - turnsKept]);
  });

  it("loses nothing by a summariser that fails for long", async () => {
    const { told, say, hear } = await conversation(turnsPerSummary);
    told.during = async () => {
      throw new ModelFault("throttled", "later", "too many requests");
    };
    expect(await hear()).toBe(false);
    await say(turnsPerSummary, turnsPerSummary + 60);
    told.during = async () => {};
    while (!(await hear()));
    const texts = told.asked.slice(1).flatMap(({ turns }) => turns.map(({ text }) => text));
    expect(texts).toHaveLength(turnsPerSummary + 60 - turnsKept);
    expect(new Set(texts).size, "each once").toBe(texts.length);
  });

  it("waits for a summariser that is down, and bothers it no more", async () => {
    const { w, told, hear, summaries } = await conversation(turnsPerSummary);
    told.during = async () => {
      throw new ModelFault("unavailable", "later", "down");
    };
    for (let attempt = 0; attempt < 7; attempt++) await hear();
    expect(told.asked).toHaveLength(5);
    expect(w.again.length).toBeGreaterThan(0);
    told.during = async () => {};
    w.pass(10_000);
    expect(await hear()).toBe(true);
    expect(await summaries()).toHaveLength(1);
  });
});

describe("F60: what summaries cost", () => {
  const refusing = async () => {
    throw new ModelFault("invalid", "never", "no summary: refused", { use: paid(0.01) });
  };
  const usd = async ({ w }: Awaited<ReturnType<typeof conversation>>) =>
    (await load(w.deps.store, stream)).state.spent?.usd;

  it("is counted, for the customer and for the day", async () => {
    const c = await conversation(turnsPerSummary);
    c.told.summary = { ...c.told.summary, use: paid(0.01) };
    await c.hear();
    expect(await usd(c)).toBe(0.01);
    expect(await c.w.deps.tally.read("model-usd/1065550000/2026-11-23")).toBe(10_000);
  });

  it("is counted where the model refuses, once: the conversation is summarised without it", async () => {
    const c = await conversation(turnsPerSummary);
    c.told.during = refusing;
    expect(await c.hear()).toBe(true);
    expect(await c.hear()).toBe(true);
    expect(c.told.asked).toHaveLength(1);
    expect(await c.summaries()).toMatchObject([{ data: { model: { source: "offline" } } }]);
    expect(await usd(c)).toBe(0.01);
    expect(await c.w.deps.tally.read("model-usd/1065550000/2026-11-23")).toBe(10_000);
  });

  it("of conversations that a model refuses keeps it from no other", async () => {
    const { w, told, say, hear } = await conversation(turnsPerSummary);
    told.during = refusing;
    for (let nth = 1; nth <= 6; nth++) {
      expect(await hear()).toBe(true);
      await say(turnsPerSummary * nth, turnsPerSummary * (nth + 1));
    }
    expect(w.again).toEqual([]);
    expect(told.asked).toHaveLength(6);
  });

  it.each([
    ["the customer's", { allowance: { usd: 0, replies: 100 } }],
    ["the day's", { dayUsd: 0 }],
  ])("is nothing once %s budget is spent", async (_, spent) => {
    const { told, hear, summaries } = await conversation(turnsPerSummary, spent);
    expect(await hear()).toBe(true);
    expect(told.asked).toEqual([]);
    expect(await summaries()).toMatchObject([{ data: { model: { source: "offline" } } }]);
  });
});

describe("what was said", () => {
  it("and taken back or edited since is not in a summary, or as it was edited", async () => {
    const { w, told, hear } = await conversation(turnsPerSummary);
    const change = { digest: "d", by: "customer" as const };
    await w.deps.record(
      stream,
      { type: "MessageRevoked", data: { ...change, messageId: "u1", original: "m2" } },
      {
        type: "MessageEdited",
        data: { ...change, messageId: "u2", original: "m4", content: { type: "text", text: "better" } },
      },
    );
    await hear();
    const texts = told.asked[0]?.turns.map(({ text }) => text);
    expect(texts).not.toContain("message 2");
    expect(texts).not.toContain("message 4");
    expect(texts).toContain("better");
  });

  it("and taken back while it is summarised spoils the summary: another is made", async () => {
    const { w, told, hear, summaries } = await conversation(turnsPerSummary);
    told.during = async () => {
      told.during = async () => {};
      await w.deps.record(stream, {
        type: "MessageRevoked",
        data: { messageId: "u1", digest: "d", original: "m2", by: "customer" },
      });
    };
    expect(await hear()).toBe(false);
    expect(await summaries()).toEqual([]);
    expect(await hear()).toBe(true);
    expect(told.asked[1]?.turns.map(({ text }) => text)).not.toContain("message 2");
    expect(await summaries()).toHaveLength(1);
  });

  it("by a person who is erased meanwhile is in no summary", async () => {
    const { w, told, hear, summaries } = await conversation(turnsPerSummary);
    told.during = () => w.deps.record(stream, { type: "ContactErased", data: {} });
    expect(await hear()).toBe(true);
    expect(await summaries()).toEqual([]);
  });

  it("in a summary is nowhere readable where it is stored or published", async () => {
    const { w, told, hear } = await conversation(turnsPerSummary);
    told.summary.facts.push({ name: "sister of marta", value: "yes" });
    await hear();
    let stored = "";
    for await (const commits of w.deps.store.log.read(stream))
      for (const commit of commits)
        stored +=
          Buffer.from(commit.body).toString("latin1") + JSON.stringify(w.deps.store.codec.publish(commit));
    expect(stored).toContain("ContextSummarised");
    for (const secret of ["They talked", "Ana", "parking", "marta"]) expect(stored).not.toContain(secret);
    expect(w.logged.join("\n")).not.toContain("Ana");
  });
});
