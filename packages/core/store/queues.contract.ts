import { beforeEach, describe, expect, it } from "vitest";
import type { Queues } from "./queues.ts";

const start = Date.parse("2026-11-02T10:00:00.000Z");
const minute = 60_000;

/** What every implementation of `Queues` does. `open` gives empty queues that tell the time by `clock`. */
export const queuesContract = (name: string, open: (clock: () => number) => Promise<Queues>): void => {
  describe(`${name} as queues`, () => {
    let now = start;
    let queues: Queues;

    const send = (...bodies: string[]) => queues.send(bodies.map((body) => ({ queue: "replies", body })));
    const receive = (max = 10, visibilityMs = minute) => queues.receive("replies", { max, visibilityMs });
    const bodies = async (max?: number) => (await receive(max)).map(({ body }) => body);
    const receiveOne = async () => {
      const [message] = await receive(1);
      if (!message) throw new Error("nothing is visible");
      return message;
    };
    const bodiesOfDead = async () => (await queues.deadLetters("replies", 10)).map(({ body }) => body);
    const buryAll = async () => {
      for (const { id } of await receive()) await queues.bury("replies", id, "no use");
    };

    beforeEach(async () => {
      now = start;
      queues = await open(() => now);
    });

    describe("receiving", () => {
      it("gives what was sent, with when it was sent and how often it was received", async () => {
        await send("hello");
        now += 5;
        const [message, ...rest] = await receive();
        expect(rest).toEqual([]);
        expect(message).toEqual({
          id: expect.any(String) as string,
          body: "hello",
          receives: 1,
          sentAt: "2026-11-02T10:00:00.000Z",
        });
      });

      it("gives nothing from a queue that never was", async () => {
        expect(await receive()).toEqual([]);
      });

      it("keeps queues apart", async () => {
        await queues.send([{ queue: "sends", body: "other" }]);
        expect(await receive()).toEqual([]);
      });

      it("gives at most `max`, the longest visible first", async () => {
        await send("1", "2", "3");
        expect(await bodies(2)).toEqual(["1", "2"]);
        expect(await bodies(2)).toEqual(["3"]);
      });

      it("gives what came back to its place by the time at which it did", async () => {
        await send("1", "2");
        await queues.release("replies", (await receiveOne()).id, 10);
        now += 10;
        expect(await bodies()).toEqual(["2", "1"]);
      });

      it("never uses an id twice", async () => {
        await send("1");
        const first = await receiveOne();
        await queues.remove("replies", [first.id]);
        await send("2");
        expect((await receiveOne()).id).not.toBe(first.id);
      });

      it("gives one message to one of many receivers", async () => {
        await send("1", "2", "3", "4", "5");
        const taken = await Promise.all(Array.from({ length: 10 }, () => bodies(1)));
        expect(taken.flat().toSorted()).toEqual(["1", "2", "3", "4", "5"]);
      });

      it.each([
        { afterMs: 0, receives: [] },
        { afterMs: minute - 1, receives: [] },
        { afterMs: minute, receives: [2] },
        { afterMs: minute + 1, receives: [2] },
      ])(
        "$afterMs ms after a receive for 60000 ms, receives are $receives",
        async ({ afterMs, receives }) => {
          await send("slow");
          await receive(1, minute);
          now += afterMs;
          expect((await receive()).map((message) => message.receives)).toEqual(receives);
        },
      );
    });

    describe("sending", () => {
      it.each([
        { delayMs: 0, afterMs: 0, visible: 1 },
        { delayMs: 1, afterMs: 0, visible: 0 },
        { delayMs: 1_000, afterMs: 999, visible: 0 },
        { delayMs: 1_000, afterMs: 1_000, visible: 1 },
      ])(
        "with a delay of $delayMs ms, $visible is visible after $afterMs",
        async ({ delayMs, afterMs, visible }) => {
          await queues.send([{ queue: "replies", body: "later", delayMs }]);
          now += afterMs;
          expect(await receive()).toHaveLength(visible);
        },
      );

      it("puts in all or none", async () => {
        const broken = { queue: "replies", body: undefined as unknown as string };
        const checkpoint = { name: "feed", value: "7" };
        await expect(queues.send([{ queue: "replies", body: "fine" }, broken], checkpoint)).rejects.toThrow(
          Error,
        );
        expect(await receive()).toEqual([]);
        expect(await queues.checkpoint("feed")).toBeUndefined();
      });

      it("stores the checkpoint of a feed with the messages, the newest one standing", async () => {
        await queues.send([{ queue: "replies", body: "1" }], { name: "feed", value: "7" });
        await queues.send([], { name: "feed", value: "9" });
        await queues.send([], { name: "other", value: "1" });
        expect(await queues.checkpoint("feed")).toBe("9");
        expect(await bodies()).toEqual(["1"]);
      });
    });

    describe("having received", () => {
      it("a removed message never comes back", async () => {
        await send("1", "2");
        const [first] = await receive();
        await queues.remove("replies", [first?.id ?? "", "unknown", "9999"]);
        now += minute;
        expect(await bodies()).toEqual(["2"]);
      });

      it("nothing is removed by its id in another queue", async () => {
        await send("1");
        await queues.remove("sends", [(await receiveOne()).id]);
        now += minute;
        expect(await bodies()).toEqual(["1"]);
      });

      it.each([
        { delayMs: 0, afterMs: 0, receives: [2] },
        { delayMs: 500, afterMs: 499, receives: [] },
        { delayMs: 500, afterMs: 500, receives: [2] },
        { delayMs: 2 * minute, afterMs: minute, receives: [] },
      ])(
        "released for $delayMs ms, after $afterMs receives are $receives",
        async ({ delayMs, afterMs, receives }) => {
          await send("again");
          await queues.release("replies", (await receiveOne()).id, delayMs);
          now += afterMs;
          expect((await receive()).map((message) => message.receives)).toEqual(receives);
        },
      );

      it("releasing what was removed does not bring it back", async () => {
        await send("1");
        const { id } = await receiveOne();
        await queues.remove("replies", [id]);
        await queues.release("replies", id, 0);
        expect(await receive()).toEqual([]);
      });

      it("recovering makes visible what was in flight, and leaves delays alone", async () => {
        await send("in flight", "backing off");
        await queues.send([{ queue: "replies", body: "delayed", delayMs: 1_000 }]);
        const [, second] = await receive(2);
        await queues.release("replies", second?.id ?? "", 1_000);
        await queues.recover();
        expect(await bodies()).toEqual(["in flight"]);
        now += 1_000;
        expect((await bodies()).toSorted()).toEqual(["backing off", "delayed"]);
      });
    });

    describe("dead letters", () => {
      it("are received no more, and say why and since when", async () => {
        await send("poison");
        const { id } = await receiveOne();
        now += 20;
        await queues.bury("replies", id, "cannot be parsed");
        now += 2 * minute;
        await queues.recover();
        expect(await receive()).toEqual([]);
        expect(await queues.deadLetters("replies", 10)).toEqual([
          {
            id,
            body: "poison",
            receives: 1,
            sentAt: "2026-11-02T10:00:00.000Z",
            reason: "cannot be parsed",
            buriedAt: "2026-11-02T10:00:00.020Z",
          },
        ]);
      });

      it("come first buried first, at most `limit`", async () => {
        await send("1", "2", "3");
        const messages = await receive();
        for (const { id } of messages.toReversed()) {
          await queues.bury("replies", id, "no use");
          now += 1;
        }
        expect((await queues.deadLetters("replies", 2)).map(({ body }) => body)).toEqual(["3", "2"]);
        expect(await queues.deadLetters("sends", 2)).toEqual([]);
      });

      it("keep their first reason, and are not released by a slow worker", async () => {
        await send("1");
        const { id } = await receiveOne();
        await queues.bury("replies", id, "first");
        await queues.bury("replies", id, "second");
        await queues.release("replies", id, 0);
        expect(await receive()).toEqual([]);
        expect((await queues.deadLetters("replies", 1))[0]?.reason).toBe("first");
      });

      it("are removed when they are done after all", async () => {
        await send("1");
        const { id } = await receiveOne();
        await queues.bury("replies", id, "too slow");
        await queues.remove("replies", [id]);
        expect(await bodiesOfDead()).toEqual([]);
      });

      it("are redriven all, as if never received", async () => {
        await send("1", "2");
        await buryAll();
        expect(await queues.redrive("replies")).toBe(2);
        expect(await bodiesOfDead()).toEqual([]);
        expect((await receive()).map(({ body, receives }) => [body, receives])).toEqual([
          ["1", 1],
          ["2", 1],
        ]);
        expect(await queues.redrive("replies")).toBe(0);
      });

      it("are redriven by id, each once, of their own queue only", async () => {
        await send("1", "2");
        await buryAll();
        const [first] = await queues.deadLetters("replies", 1);
        const ids = [first?.id ?? "", first?.id ?? "", "unknown"];
        expect(await queues.redrive("sends", ids)).toBe(0);
        expect(await queues.redrive("sends")).toBe(0);
        expect(await queues.redrive("replies", ids)).toBe(1);
        expect(await bodies()).toEqual(["1"]);
        expect(await bodiesOfDead()).toEqual(["2"]);
      });
    });

    describe("depths", () => {
      it("are none of empty queues", async () => {
        expect(await queues.depths()).toEqual({});
      });

      it("count each message once, by what becomes of it", async () => {
        await send("dead", "in flight", "in flight too", "released", "removed", "visible");
        await queues.send([
          { queue: "replies", body: "delayed", delayMs: minute },
          { queue: "sends", body: "visible" },
        ]);
        const [dead, , , released, removed] = await receive(5);
        await queues.bury("replies", dead?.id ?? "", "no use");
        await queues.release("replies", released?.id ?? "", 2 * minute);
        await queues.remove("replies", [removed?.id ?? ""]);
        expect(await queues.depths()).toEqual({
          replies: { visible: 1, inFlight: 2, delayed: 2, dead: 1 },
          sends: { visible: 1, inFlight: 0, delayed: 0, dead: 0 },
        });
        now += minute;
        expect((await queues.depths())["replies"]).toEqual({ visible: 4, inFlight: 0, delayed: 1, dead: 1 });
      });
    });
  });
};
