import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "#core/events/conversation.ts";
import { conversationStream } from "#core/events/stream.ts";
import { sendRequested, sendStarted, started } from "#core/testing/samples.ts";
import { queryHilo, type QueryHilo } from "../testing/query-hilo.ts";

const nth = (number: number): string => conversationStream(String(number).padStart(26, "0"), "1065550000");
const parked = (sendId: string): ConversationEvent => ({ type: "SendParked", data: { sendId } });

/** One conversation after the other has a send parked. */
const withParked = async (count: number): Promise<QueryHilo> => {
  const hilo = queryHilo();
  for (let number = 1; number <= count; number++) {
    const sendId = `s${number}`;
    await hilo.record(nth(number), started(), sendRequested(sendId), sendStarted(sendId), parked(sendId));
    await hilo.project(nth(number));
  }
  return hilo;
};

const idsOf = (items: readonly Record<string, unknown>[]) => items.map(({ sendId }) => sendId);

describe("the list of parked sends", () => {
  it("has what to decide by", async () => {
    const { status, body } = await (await withParked(1)).get("/parked-sends");
    expect([status, body]).toEqual([
      200,
      {
        items: [
          {
            conversationId: nth(1),
            sendId: "s1",
            content: { type: "text", text: "A las 8:00." },
            requestedAt: "2026-11-23T12:00:00.000Z",
            parkedAt: "2026-11-23T12:00:00.000Z",
          },
        ],
      },
    ]);
  });

  it.each([1, 2, 3, 7])("is newest first, in pages of %d", async (limit) => {
    const pages = await (await withParked(7)).pages(`/parked-sends?limit=${limit}`);
    expect(pages.flatMap(idsOf)).toEqual(["s7", "s6", "s5", "s4", "s3", "s2", "s1"]);
    expect(pages.every(({ length }) => length <= limit)).toBe(true);
  });

  it("has none that is under way", async () => {
    const hilo = queryHilo();
    await hilo.record(nth(1), started(), sendRequested("s1"), sendStarted("s1"));
    await hilo.project(nth(1));
    expect((await hilo.get("/parked-sends")).body).toEqual({ items: [] });
  });

  it.each(["resend", "drop"])("has lost what was decided about: %s", async (how) => {
    const hilo = await withParked(2);
    await hilo.post(`/conversations/${nth(1)}/sends/s1/resolution`, { how, by: "ana" });
    await hilo.project(nth(1));
    expect(idsOf((await hilo.get("/parked-sends")).body.items)).toEqual(["s2"]);
  });

  it("has lost the erased, before and after the view knows", async () => {
    const hilo = await withParked(3);
    await hilo.keys.destroy("00000000000000000000000002");
    expect(idsOf((await hilo.get("/parked-sends")).body.items)).toEqual(["s3", "s1"]);
    await hilo.record(nth(2), { type: "ContactErased", data: {} });
    await hilo.project(nth(2));
    expect(idsOf((await hilo.get("/parked-sends")).body.items)).toEqual(["s3", "s1"]);
  });

  it("takes no cursor but its own", async () => {
    const hilo = await withParked(3);
    const { body } = await hilo.get("/conversations?limit=1");
    expect(await hilo.get(`/parked-sends?cursor=${body.next}`)).toMatchObject({ problem: "invalid-cursor" });
    expect(await hilo.get("/parked-sends?limit=201")).toMatchObject({ problem: "invalid-request" });
    expect(await hilo.get("/parked-sends", {})).toMatchObject({ problem: "unauthorized" });
  });
});
