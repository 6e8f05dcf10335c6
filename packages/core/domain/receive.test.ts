import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../events/conversation.ts";
import { fold, foldDecided, initial, rate, unansweredMax } from "./conversation.ts";
import { knows, seenAtLeast, seenForMs } from "./seen.ts";
import { decideReceive, reusedIds, type Inbound, type InboundEvent } from "./receive.ts";
import { serviceWindowMs } from "./service-window.ts";
import { after, given, noon, recorded, stateAfter } from "../testing/given.ts";
import {
  echoed,
  identified,
  received,
  sendRequested,
  sendStarted,
  sent,
  started,
  status,
} from "../testing/samples.ts";

const place = {
  contactId: "01JD0000000000000000000000",
  phoneNumberId: "1065550000",
  businessAccountId: "2045550000",
};
const lucia = { phone: "34600000001", name: "Lucía Prueba" };
const receive = (events: InboundEvent[], at = noon) => ({
  at,
  place,
  contact: lucia,
  inbound: events.map((event) => ({ event })),
});

describe("a first message", () => {
  it("starts the conversation and says who wrote", () =>
    given()
      .when((state) => decideReceive(state, receive([received("a")])))
      .then(started(), identified(), received("a")));

  it("says who wrote again only when that is new", () =>
    given(started(), identified(), received("a"))
      .when((state) =>
        decideReceive(state, { ...receive([received("b")]), contact: { ...lucia, name: "Lucía P." } }),
      )
      .then({ type: "ContactIdentified", data: { because: "message", name: "Lucía P." } }, received("b")));
});

describe("redelivery (D4)", () => {
  it("F3, F4: makes no second event", () =>
    given(started(), identified(), received("a"))
      .when((state) => decideReceive(state, receive([received("a")], after(6 * 24 * 3_600_000))))
      .then());

  it("within one webhook makes no second event", () =>
    given(started(), identified())
      .when((state) => decideReceive(state, receive([received("a"), received("a")])))
      .then(received("a")));

  it("of another update under a used id is told from one of the same", () => {
    const state = stateAfter(started(), identified(), received("a"));
    const same: Inbound = { event: received("a") };
    const other: Inbound = { event: received("a", { digest: "other" }) };
    expect(reusedIds(state, [same, other])).toEqual([other]);
  });

  it("is known for 30 days, and for the last 50 ids however old", () => {
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => received(`m${from + index}`));
    const stillKnown = (ms: number, younger: number) => {
      const old = foldDecided(initial, [started(), ...many(0, 10)], noon);
      const dayAfter = foldDecided(old, many(10, younger - 1), after(24 * 3_600_000));
      return knows(foldDecided(dayAfter, [received("newest")], after(ms)).seen, "m0");
    };
    const midnight = seenForMs + 12 * 3_600_000;
    expect(stillKnown(seenForMs, seenAtLeast)).toBe(true);
    expect(stillKnown(midnight - 1, seenAtLeast)).toBe(true);
    expect(stillKnown(midnight, seenAtLeast)).toBe(false);
    expect(stillKnown(midnight, seenAtLeast - 1)).toBe(true);
  });

  it("in any order and any number makes the events of one delivery", () => {
    const updates = [
      received("a"),
      received("b"),
      echoed("c"),
      status("x", "sent"),
      status("x", "delivered"),
      status("x", "read"),
    ];
    const deliveries = fc.array(fc.array(fc.constantFrom(...updates), { minLength: 1, maxLength: 4 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(deliveries, (webhooks) => {
        let state = initial;
        for (const webhook of [...webhooks, updates]) {
          const decision = decideReceive(state, receive(webhook));
          if ("rejected" in decision) throw new Error(decision.rejected);
          const from = state.version;
          state = fold(
            state,
            recorded(decision).map((event) => ({ ...event, version: from + event.version })),
          );
        }
        // started, identified, the six updates, and the takeover that the echo means
        expect(state.version).toBe(9);
      }),
    );
  });
});

describe("what the bot will not answer", () => {
  it.each([
    ["one millisecond inside the service window", serviceWindowMs - 1, undefined],
    ["at its end", serviceWindowMs, "service-window-closed"],
  ])("a message %s", (_, ageMs, noReply) =>
    given(started(), identified())
      .when((state) => decideReceive(state, receive([received("a")], after(ageMs))))
      .then(received("a", { ...(noReply && { noReply: "service-window-closed" }) })),
  );

  it("what is over the sender's rate is recorded all the same", () => {
    const burst = Array.from({ length: rate.burst + 1 }, (_, index) => received(`m${index}`));
    const decision = decideReceive(initial, receive(burst));
    const reasons =
      "rejected" in decision
        ? []
        : decision.flatMap((event) => (event.type === "MessageReceived" ? [event.data.noReply] : []));
    expect(reasons).toHaveLength(rate.burst + 1);
    expect(reasons.slice(0, rate.burst).every((reason) => reason === undefined)).toBe(true);
    expect(reasons.at(-1)).toBe("over-rate");
  });

  it("is answered again once the sender has slowed down", () => {
    const burst = Array.from({ length: rate.burst }, (_, index) => received(`m${index}`));
    const full = fold(initial, recorded([started(), identified(), ...burst], noon));
    const reason = (ms: number) => {
      const decision = decideReceive(full, receive([received("next", { sentAt: after(ms) })], after(ms)));
      return "rejected" in decision
        ? decision
        : decision.map((event) => event.type === "MessageReceived" && event.data.noReply);
    };
    expect(reason(rate.intervalMs - 1)).toEqual(["over-rate"]);
    expect(reason(rate.intervalMs)).toEqual([undefined]);
  });

  it("F60: of what waits for an answer only the newest are remembered, however long none comes", () => {
    const texts = Array.from({ length: unansweredMax + 20 }, (_, number) => received(`m${number}`));
    const { unanswered } = stateAfter(started(), ...texts);
    expect(unanswered).toHaveLength(unansweredMax);
    expect(unanswered.at(-1)?.messageId).toBe(`m${unansweredMax + 19}`);
  });

  it("history neither opens the window nor counts as writing", () => {
    const state = stateAfter(started(), received("old", { noReply: "history" }));
    expect(state.lastCustomerAt).toBeUndefined();
    expect(state.unanswered).toEqual([]);
    expect(state.rateFullAt).toBe(0);
  });
});

describe("a human on the business's phone (F27)", () => {
  it("takes the conversation over", () =>
    given(started(), identified(), received("a"))
      .when((state) => decideReceive(state, receive([echoed("e")])))
      .then(echoed("e"), { type: "HumanTookOver", data: { from: "phone-app" } }));

  it.each([
    ["another program of the business", { by: "bot" } as const],
    ["synced history", { history: true }],
  ])("is not meant by %s", (_, data) =>
    given(started(), identified())
      .when((state) => decideReceive(state, receive([echoed("e", data)])))
      .then(echoed("e", data)),
  );
});

describe("a delivery status", () => {
  const inFlight = [started(), identified(), received("a"), sendRequested("S"), sendStarted("S")];

  it("F6: that carries our send's id proves it sent, before the call has returned", () =>
    given(...inFlight)
      .when((state) =>
        decideReceive(state, {
          at: noon,
          contact: {},
          inbound: [{ event: status("w", "delivered", { sendId: "S" }), wamid: "wamid.w" }],
        }),
      )
      .then(
        { type: "MessageSent", data: { sendId: "S", messageId: "w", wamid: "wamid.w", evidence: "status" } },
        status("w", "delivered", { sendId: "S" }),
      ));

  it("finds its send by message id alone", () =>
    given(...inFlight, sent("S", "w"))
      .when((state) =>
        decideReceive(state, {
          at: noon,
          contact: {},
          inbound: [{ event: status("w", "read"), wamid: "wamid.w" }],
        }),
      )
      .then(status("w", "read", { sendId: "S" })));

  it.each([
    [
      "with a price says where the customer is billed",
      { pricing: { category: "service" } },
      { market: "+34" },
    ],
    ["without one doesn't", {}, {}],
  ])("%s", (_, said, also) =>
    given(...inFlight, sent("S", "w"))
      .when((state) =>
        decideReceive(state, { at: noon, contact: {}, inbound: [{ event: status("w", "read", said) }] }),
      )
      .then(status("w", "read", { sendId: "S", ...said, ...also })),
  );

  it("begins no conversation", () =>
    given()
      .when((state) =>
        decideReceive(state, { at: noon, contact: {}, inbound: [{ event: status("w", "read") }] }),
      )
      .thenRejected("no-such-conversation"));
});

it("a conversation that moved receives nothing more", () =>
  given(started(), { type: "ConversationMoved", data: { to: "conversation-other" } })
    .when((state) => decideReceive(state, receive([received("a")])))
    .thenRejected("conversation-moved"));

describe("who holds the conversation", () => {
  const handBackMs = 3_600_000;
  const held = (from: "agent-desk" | "meta-agent") => ({ type: "HumanTookOver", data: { from } }) as const;
  const standby = received("b", { noReply: "standby" });

  it("is Meta's own agent as long as messages come as standby", () => {
    given(started(), identified())
      .when((state) => decideReceive(state, receive([standby])))
      .then(standby, held("meta-agent"));
    given(started(), identified(), held("meta-agent"))
      .when((state) => decideReceive(state, receive([received("c")])))
      .then({ type: "BotResumed", data: { by: "meta-agent" } }, received("c"));
  });

  it.each([
    ["a moment before a human's time is up", handBackMs - 1, ["MessageReceived"]],
    ["when a human has done nothing for so long", handBackMs, ["BotResumed", "MessageReceived"]],
  ] as const)("is handed back by time, %s", (_, ms, types) => {
    const at = after(2_000 + ms);
    given(started(), identified(), held("agent-desk"))
      .when((state) => decideReceive(state, { ...receive([received("c", { sentAt: at })], at), handBackMs }))
      .thenTypes(...types);
  });
});

describe("statuses that contradict each other (D10)", () => {
  const sentOff = [
    started(),
    identified(),
    received("a"),
    sendRequested("S"),
    sendStarted("S"),
    sent("S", "w"),
  ];
  const of = (value: DeliveryStatus) => ({ event: status("w", value), wamid: "wamid.w" });
  const statuses = (...inbound: ReturnType<typeof of>[]) => ({ at: noon, contact: {}, inbound });

  it.each<[DeliveryStatus, DeliveryStatus, ...DeliveryStatus[]]>([
    ["failed", "delivered"],
    ["delivered", "failed"],
    ["failed", "delivered", "sent"],
    ["delivered", "failed", "sent"],
    ["failed", "read", "sent"],
  ])("%s, then %s, is said so, whatever was said before", (first, second, ...before) =>
    given(...sentOff)
      .when((state) => decideReceive(state, statuses(...[...before, first, second].map(of))))
      .then(
        ...[...before, first].map((value) => status("w", value, { sendId: "S" })),
        status("w", second, { sendId: "S", contradicts: true }),
      ),
  );

  it("a failure is not forgotten for a late word that it was sent", () =>
    given(...sentOff)
      .when((state) => decideReceive(state, statuses(of("failed"), of("sent"), of("delivered"))))
      .then(
        status("w", "failed", { sendId: "S" }),
        status("w", "sent", { sendId: "S" }),
        status("w", "delivered", { sendId: "S", contradicts: true }),
      ));
});
