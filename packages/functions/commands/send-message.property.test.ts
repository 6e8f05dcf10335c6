/** The promise of D9, under every fault at every call of a seam, and under every order of what runs at once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { echo, message, statusOf, webhook } from "#functions/testing/webhooks.ts";
import { startOfTest as now, world, type World } from "#functions/testing/world.ts";
import { generateReply } from "./generate-reply.ts";
import { sendMessage } from "./send-message.ts";

const lucia = { phone: "34600000001" };

/** What the Graph API may do to a call. */
const behaviours = [
  "sends",
  "sends, then times out",
  "times out without effect",
  "fails with 5xx after the effect",
  "refuses for now",
] as const;
type Behaviour = (typeof behaviours)[number];

/** A Graph API that keeps count of what took effect, by intent. */
const graph = (plan: Behaviour[], historyIsComplete: boolean) => {
  const effects = new Map<string, number>();
  const sent = new Map<string, string>();
  const client: Pick<WhatsApp, "send" | "findSent"> = {
    async send({ sendRef }) {
      const behaviour = plan.shift() ?? "sends";
      if (behaviour === "refuses for now")
        return { outcome: "refused", retry: "later", reason: "rate-limited" };
      if (behaviour === "times out without effect") return { outcome: "uncertain", reason: "timeout" };
      const sendId = sendRef.split(":")[1] ?? "";
      effects.set(sendId, (effects.get(sendId) ?? 0) + 1);
      const wamid = `wamid.${sendRef}`;
      sent.set(sendRef, wamid);
      return behaviour === "sends" ? { outcome: "sent", wamid } : { outcome: "uncertain", reason: "timeout" };
    },
    async findSent({ sendRef }) {
      const wamid = sent.get(sendRef);
      if (wamid) return { found: "sent", wamid };
      return historyIsComplete ? { found: "absent" } : { found: "unknown", reason: "no-proof" };
    },
  };
  return { client, effects, sent };
};

class Crash extends Error {}

/** Makes the wrapped calls die before or after their effect, at the counted calls of the plan. */
const crashes = (plan: { call: number; when: "before" | "after" }[]) => {
  let calls = 0;
  return <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      const planned = plan.find((fault) => fault.call === calls);
      calls++;
      if (planned?.when === "before") throw new Crash("before");
      const result = await call(...given);
      if (planned?.when === "after") throw new Crash("after");
      return result;
    };
};

const answered = async (behaviour: Behaviour[], historyIsComplete: boolean) => {
  const w = world();
  await w.post(webhook(message(lucia, "wamid.1", now)));
  const stream = (await w.streams())[0] ?? "";
  await w.deliver(generateReply(w.deps), stream, 3);
  const api = graph(behaviour, historyIsComplete);
  Object.assign(w.deps.whatsapp, api.client);
  return { w, stream, api };
};

const intent = 6;

/** Every seam that the send path calls, wrapped. */
const wrapped = (w: World, wrap: ReturnType<typeof crashes>) => {
  const { store, identities, whatsapp, pacing } = w.deps;
  return {
    ...w.deps,
    store: { ...store, append: wrap(store.append) },
    identities: {
      ...identities,
      placeMessage: wrap(identities.placeMessage),
      streamOfMessage: wrap(identities.streamOfMessage),
    },
    whatsapp: { ...whatsapp, send: wrap(whatsapp.send), findSent: wrap(whatsapp.findSent) },
    pacing: { ...pacing, reserve: wrap(pacing.reserve) },
  };
};

/** Delivers the intent, time passing in between, until nothing asks for it again; as the queue would. */
const drain = async (w: World, handler: ReturnType<typeof sendMessage>, stream: string): Promise<void> => {
  for (let delivery = 0; delivery < 40; delivery++) {
    if (await w.deliver(handler, stream, intent)) return;
    w.pass(10_000);
  }
  throw new Error("the intent never came to an end");
};

const ends = (events: readonly RecordedEvent[]) =>
  events
    .map(({ type }) => type)
    .filter((type) => type === "MessageSent" || type === "SendParked" || type === "SendFailed");

const faults = fc.array(
  fc.record({ call: fc.nat(14), when: fc.constantFrom("before" as const, "after" as const) }),
  { maxLength: 5 },
);
const plans = fc.array(fc.constantFrom(...behaviours), { maxLength: 5 });

describe("one intent, at most one visible message", () => {
  it("whatever dies before or after any call, and whatever the Graph API does", { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(faults, plans, fc.boolean(), async (plan, behaviour, historyIsComplete) => {
        const { w, stream, api } = await answered(behaviour, historyIsComplete);
        await drain(w, sendMessage(wrapped(w, crashes(plan))), stream);
        expect([...api.effects.values()].every((count) => count === 1)).toBe(true);
        const last = ends(await w.events(stream)).at(-1);
        expect(last).toBe(
          historyIsComplete ? "MessageSent" : last === "SendParked" ? "SendParked" : "MessageSent",
        );
        expect(api.effects.size).toBeGreaterThanOrEqual(last === "MessageSent" ? 1 : 0);
      }),
      { numRuns: 300 },
    ),
  );

  it("when a status tells of it at any moment", { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.nat(4), plans, async (moment, behaviour) => {
        const { w, stream, api } = await answered(behaviour, false);
        const handler = sendMessage(w.deps);
        for (let delivery = 0; delivery < 6; delivery++) {
          const [[sendRef, wamid] = []] = [...api.sent];
          if (delivery >= moment && sendRef && wamid)
            await w.post(webhook(statusOf(wamid, "delivered", now, sendRef)));
          await w.deliver(handler, stream, intent);
          w.pass(4_000);
        }
        await drain(w, handler, stream);
        expect([...api.effects.values()].every((count) => count === 1)).toBe(true);
        expect((await w.types(stream)).filter((type) => type === "MessageSent").length).toBeLessThanOrEqual(
          1,
        );
      }),
      { numRuns: 100 },
    ),
  );

  it(
    "in every order of deliveries, statuses and a takeover at once; and nothing is begun over a human",
    { timeout: 60_000 },
    () =>
      fc.assert(
        fc.asyncProperty(fc.scheduler(), plans, async (scheduler, behaviour) => {
          const { w, stream, api } = await answered(behaviour, true);
          const scheduled = <Arguments extends unknown[], Result>(
            call: (...given: Arguments) => Promise<Result>,
          ) => scheduler.scheduleFunction(call);
          const handler = sendMessage(wrapped(w, scheduled));
          const takeOver = async () => void (await w.post(webhook(echo(lucia, "wamid.e", now))));
          const racing = Promise.all([
            w.deliver(handler, stream, intent),
            w.deliver(handler, stream, intent),
            scheduler.schedule(Promise.resolve("takeover")).then(takeOver),
          ]);
          await scheduler.waitFor(racing);
          w.pass(20_000);
          await drain(w, sendMessage(w.deps), stream);
          expect([...api.effects.values()].every((count) => count <= 1)).toBe(true);
          const types = await w.types(stream);
          const fence = types.indexOf("HumanTookOver");
          expect(types.slice(fence).filter((type) => type === "SendStarted")).toEqual([]);
        }),
        { numRuns: 150 },
      ),
  );
});
