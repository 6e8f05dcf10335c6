import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "#core/events/conversation.ts";
import { conversationStream } from "#core/events/stream.ts";
import { answerFacts, received, sent, started, status } from "#core/testing/samples.ts";
import { queryHilo, type QueryHilo } from "../testing/query-hilo.ts";

const nth = (number: number): string => conversationStream(String(number).padStart(26, "0"), "1065550000");
const use = {
  inputTokens: 100,
  outputTokens: 10,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0.1,
  durationMs: 9,
};
const answered: ConversationEvent = {
  type: "ReplyGenerated",
  data: { replyId: "R", answers: [], ...answerFacts("R"), use },
};
const delivered = (id: string, market: string) =>
  status(id, "delivered", { pricing: { category: "service", type: "regular" }, market });

const day = async (hilo: QueryHilo, path: string) => {
  const { body } = await hilo.get(path);
  return (body["days"] as Record<string, unknown>[]).find((one) => one["day"] === "2026-11-23");
};

const spent = async (conversations: number): Promise<QueryHilo> => {
  const hilo = queryHilo();
  for (let number = 1; number <= conversations; number++) {
    await hilo.record(
      nth(number),
      started(),
      received("a"),
      answered,
      sent("S"),
      delivered("m", "+55"),
      delivered("n", "+34"),
    );
    await hilo.project(nth(number));
  }
  return hilo;
};

describe("what a conversation has cost", () => {
  it("is models and WhatsApp's messages, and what has no rate is told apart", async () => {
    const hilo = await spent(1);
    expect(await day(hilo, `/conversations/${nth(1)}/costs`)).toMatchObject({
      received: 1,
      sent: 1,
      modelUsd: 0.1,
      metaUsd: 0.0034,
      metaUnknown: 1,
      models: [{ model: "offline", calls: 1, inputTokens: 100 }],
    });
  });

  it.each([
    ["?from=2026-11-23&to=2026-11-23", 1],
    ["?from=2026-11-24&to=2026-11-24", 0],
    ["?to=2026-11-22", 0],
  ])("is of the days that are asked for: %s", async (query, days) => {
    const hilo = await spent(1);
    expect((await hilo.get(`/conversations/${nth(1)}/costs${query}`)).body["days"]).toHaveLength(days);
  });

  it("is a problem where there is none, and where the days are none", async () => {
    const hilo = await spent(1);
    expect((await hilo.get(`/conversations/${nth(2)}/costs`)).problem).toBe("unknown-conversation");
    for (const query of ["from=2026-11-02&to=2026-11-01", "from=2026-10-23&to=2026-11-23", "from=today"])
      expect((await hilo.get(`/conversations/${nth(1)}/costs?${query}`)).problem).toBe("invalid-request");
  });
});

describe("what all have cost together", () => {
  it.each([0, 1, 3, 201])("is the sum over %d conversations, page by page", async (conversations) => {
    const hilo = await spent(conversations);
    const sum = await day(hilo, "/costs");
    expect(sum).toMatchObject({
      conversations,
      received: conversations,
      metaUnknown: conversations,
      modelUsd: Number((conversations * 0.1).toFixed(6)),
      metaUsd: Number((conversations * 0.0034).toFixed(6)),
    });
  });

  it("is every day of a week, without being asked for others", async () => {
    const { body } = await (await spent(1)).get("/costs");
    expect((body["days"] as { day: string }[]).map((one) => one.day)).toEqual([
      "2026-11-23",
      "2026-11-22",
      "2026-11-21",
      "2026-11-20",
      "2026-11-19",
      "2026-11-18",
      "2026-11-17",
    ]);
  });

  it("is up to 31 days at once, to the day", async () => {
    const hilo = await spent(0);
    expect((await hilo.get("/costs?from=2026-10-24&to=2026-11-23")).status).toBe(200);
    expect((await hilo.get("/costs?from=2026-10-23&to=2026-11-23")).problem).toBe("invalid-request");
    expect((await hilo.get("/costs?from=2026-11-23&to=2026-11-22")).body).toMatchObject({
      errors: [{ parameter: "from", detail: "Expected at most 31 days, in order." }],
    });
  });
});
