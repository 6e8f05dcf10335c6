import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "../events/conversation.ts";
import {
  decideFinishSend,
  decideResolveSend,
  decideStartSend,
  orderMs,
  recipientOf,
  stuckMs,
  waitingMs,
} from "./send.ts";
import { serviceWindowMs } from "./service-window.ts";
import { after, given, noon, stateAfter } from "../testing/given.ts";
import {
  identified,
  received,
  replyGenerated,
  sendRequested,
  sendStarted,
  sent,
  started,
  status,
  tookOver,
} from "../testing/samples.ts";

const requested = [started(), identified(), received("a"), sendRequested("S")];
const start = (at = noon) => ({ at, sendId: "S" });

const holding = {
  sendId: "S",
  origin: "bot" as const,
  content: { type: "text" as const, text: "Un momento…" },
};

describe("starting a send", () => {
  it("is recorded before the call", () =>
    given(...requested)
      .when((state) => decideStartSend(state, start()))
      .then(sendStarted("S")));

  it("F26: is refused when a human took over since it was asked for", () =>
    given(...requested, tookOver())
      .when((state) => decideStartSend(state, start()))
      .then({ type: "SendFailed", data: { sendId: "S", retry: "never", reason: "human-took-over" } }));

  it("is refused when a human has the conversation that this one moved to", () =>
    given(...requested)
      .when((state) => decideStartSend(state, { ...start(), isHeldElsewhere: true }))
      .then({ type: "SendFailed", data: { sendId: "S", retry: "never", reason: "human-took-over" } }));

  it("is allowed for what the bot says as it hands over", () =>
    given(
      started(),
      identified(),
      received("a"),
      { type: "HumanRequested", data: { replyId: "R" } },
      sendRequested("S"),
    )
      .when((state) => decideStartSend(state, start()))
      .then(sendStarted("S")));

  it.each([
    ["one millisecond before it closes", serviceWindowMs - 1, true],
    ["when it closes", serviceWindowMs, false],
  ])("F25: heeds the service window %s", (_, ms, open) =>
    given(...requested)
      .when((state) => decideStartSend(state, start(after(ms))))
      .thenTypes(open ? "SendStarted" : "SendFailed"),
  );

  it.each([
    ["is dropped when the answer is there before it", [replyGenerated("R", [3])], "SendFailed"],
    ["goes out while the answer is not there", [], "SendStarted"],
    ["goes out although something newer waits, too", [received("b")], "SendStarted"],
  ] as const)("that asks for patience %s", (_, events, type) =>
    given(
      started(),
      identified(),
      received("a"),
      { type: "SendRequested", data: { ...holding, holds: "R" } },
      ...events,
    )
      .when((state) => decideStartSend(state, start()))
      .thenTypes(type),
  );

  it("is nothing to do once sent", () =>
    given(...requested, sendStarted("S"), sent("S"))
      .when((state) => decideStartSend(state, start()))
      .then());

  it("is refused while nobody knows what became of the last call", () => {
    given(...requested, sendStarted("S"))
      .when((state) => decideStartSend(state, start()))
      .thenRejected("send-unsettled");
    given(...requested, sendStarted("S"), { type: "SendUncertain", data: { sendId: "S", reason: "timeout" } })
      .when((state) => decideStartSend(state, start()))
      .thenRejected("send-unsettled");
  });

  it("F22: is a second attempt only when the first provably had no effect", () =>
    given(...requested, sendStarted("S"), {
      type: "SendFailed",
      data: { sendId: "S", retry: "later", reason: "rate-limited" },
    })
      .when((state) => decideStartSend(state, start()))
      .then(sendStarted("S", 2)));
});

describe("finishing a send", () => {
  const calling = [...requested, sendStarted("S")];
  const uncertain = { type: "SendUncertain", data: { sendId: "S", reason: "timeout" } } as const;

  it("records what became of it", () =>
    given(...calling)
      .when((state) =>
        decideFinishSend(state, {
          sendId: "S",
          outcome: "sent",
          messageId: "out-S",
          wamid: "wamid.out-S",
          evidence: "response",
        }),
      )
      .then(sent("S")));

  it("F23: records an uncertain outcome once", () => {
    given(...calling)
      .when((state) => decideFinishSend(state, { sendId: "S", outcome: "uncertain", reason: "timeout" }))
      .then(uncertain);
    given(...calling, uncertain)
      .when((state) => decideFinishSend(state, { sendId: "S", outcome: "uncertain", reason: "timeout" }))
      .then();
  });

  it("is nothing to do when a status was quicker", () =>
    given(...calling, sent("S"))
      .when((state) =>
        decideFinishSend(state, {
          sendId: "S",
          outcome: "sent",
          messageId: "out-S",
          wamid: "wamid.out-S",
          evidence: "response",
        }),
      )
      .then());
});

it("the customer is reached by phone when it is known, else by user id", () => {
  expect(recipientOf(stateAfter(started(), identified({ userId: "ES.1" })))).toEqual({
    phone: "34600000001",
  });
  expect(
    recipientOf(
      stateAfter(started(), { type: "ContactIdentified", data: { because: "message", userId: "ES.1" } }),
    ),
  ).toEqual({ userId: "ES.1" });
  expect(recipientOf(stateAfter(started()))).toBeUndefined();
});

const templates = [{ name: "we_are_back", language: "es", parameters: ["contact-name" as const] }];
const fallback = { templates, newSendId: "T" };
const inSpanish = replyGenerated("R0", []);
const template: ConversationEvent = {
  type: "SendRequested",
  data: {
    sendId: "T",
    origin: "bot",
    content: { type: "template", name: "we_are_back", language: "es", parameters: ["Lucía Prueba"] },
    insteadOf: "S",
  },
};
const windowClosed = {
  type: "SendFailed",
  data: { sendId: "S", retry: "template", reason: "service-window-closed" },
} as const;

describe("when the service window is closed (F25)", () => {
  const late = after(serviceWindowMs);

  it("a template in the customer's language is sent instead", () =>
    given(...requested, inSpanish)
      .when((state) => decideStartSend(state, { at: late, sendId: "S", fallback }))
      .then(windowClosed, template));

  it.each([
    ["there is none in their language", [...requested]],
    [
      "they want none",
      [...requested, inSpanish, { type: "ContactMarked", data: { as: "opted-out" } } as const],
    ],
  ])("we wait for the customer when %s", (_, events) =>
    given(...events)
      .when((state) => decideStartSend(state, { at: late, sendId: "S", fallback }))
      .then(windowClosed),
  );

  it("WhatsApp's own word for it has the same effect", () =>
    given(...requested, inSpanish, sendStarted("S"))
      .when((state) =>
        decideFinishSend(state, {
          sendId: "S",
          outcome: "refused",
          retry: "template",
          reason: "service-window-closed",
          code: 131047,
          fallback,
        }),
      )
      .then({ ...windowClosed, data: { ...windowClosed.data, code: 131047 } }, template));
});

describe("order within a conversation", () => {
  const second = sendRequested("S2");
  const startSecond = (at: string) => ({ at, sendId: "S2" });

  it.each([
    ["waits for an earlier one that is not sent yet", [...requested, second], 0, true],
    ["but not for ever", [...requested, second], waitingMs + 3_000, false],
    [
      "nor for one that was begun and came to no end",
      [...requested, second, sendStarted("S")],
      stuckMs + 5_000,
      false,
    ],
    ["waits for the earlier one to arrive", [...requested, second, sendStarted("S"), sent("S")], 6_000, true],
    ["no longer than the cap", [...requested, second, sendStarted("S"), sent("S")], 6_000 + orderMs, false],
    [
      "goes on once it has arrived",
      [...requested, second, sendStarted("S"), sent("S"), status("out-S", "delivered", { sendId: "S" })],
      6_000,
      false,
    ],
    [
      "goes on once WhatsApp says that it failed after all",
      [
        ...requested,
        second,
        sendStarted("S"),
        sent("S"),
        status("out-S", "sent", { sendId: "S" }),
        status("out-S", "failed", { sendId: "S" }),
      ],
      6_000,
      false,
    ],
    [
      "goes on once it has failed",
      [
        ...requested,
        second,
        { type: "SendFailed", data: { sendId: "S", retry: "never", reason: "x" } } as const,
      ],
      0,
      false,
    ],
  ])("a later message %s", (_, events, ms, waits) => {
    const decided = given(...events).when((state) => decideStartSend(state, startSecond(after(ms))));
    if (waits) decided.thenRejected("earlier-send-under-way");
    else decided.thenTypes("SendStarted");
  });
});

describe("a contact", () => {
  it("that can't be reached is marked, and sent nothing until they write again", () => {
    const unreachable = {
      outcome: "refused",
      retry: "never",
      reason: "recipient-unreachable",
      code: 131026,
      remedy: "mark-contact",
    } as const;
    const { outcome: _, ...failed } = unreachable;
    const marked = { type: "ContactMarked", data: { as: "unreachable", sendId: "S" } } as const;
    given(...requested, sendStarted("S"))
      .when((state) => decideFinishSend(state, { sendId: "S", ...unreachable }))
      .then({ type: "SendFailed", data: { sendId: "S", ...failed } }, marked);
    given(...requested, marked, sendRequested("S2"))
      .when((state) => decideStartSend(state, { at: noon, sendId: "S2" }))
      .thenTypes("SendFailed");
    given(started(), identified(), marked, received("b"), sendRequested("S2"))
      .when((state) => decideStartSend(state, { at: noon, sendId: "S2" }))
      .thenTypes("SendStarted");
  });

  it("that wants no marketing is still answered", () =>
    given(...requested, { type: "ContactMarked", data: { as: "opted-out" } })
      .when((state) => decideStartSend(state, start()))
      .thenTypes("SendStarted"));
});

describe("a parked send", () => {
  const parked = [...requested, sendStarted("S"), { type: "SendParked", data: { sendId: "S" } } as const];
  const resolve = (how: "resend" | "drop") => ({ sendId: "S", how, by: "ana", newSendId: "S2" });

  it("is sent again as an intent of its own, when a person says so", () =>
    given(...parked)
      .when((state) => decideResolveSend(state, resolve("resend")))
      .then(
        { type: "SendResolved", data: { sendId: "S", by: "ana", resentAs: "S2" } },
        {
          type: "SendRequested",
          data: {
            sendId: "S2",
            origin: "agent",
            content: { type: "text", text: "A las 8:00." },
            insteadOf: "S",
          },
        },
      ));

  it("is dropped, when a person says so", () =>
    given(...parked)
      .when((state) => decideResolveSend(state, resolve("drop")))
      .then({ type: "SendResolved", data: { sendId: "S", by: "ana" } }));

  it("is resolved once", () =>
    given(...parked, { type: "SendResolved", data: { sendId: "S", by: "ana" } })
      .when((state) => decideResolveSend(state, resolve("resend")))
      .thenRejected("send-not-parked"));

  it("is not there to be resolved when it never was", () =>
    given(started())
      .when((state) => decideResolveSend(state, resolve("drop")))
      .thenRejected("no-such-send"));
});

describe("what a review found", () => {
  const calling = [...requested, inSpanish, sendStarted("S")];
  const closed = {
    outcome: "refused",
    retry: "template",
    reason: "service-window-closed",
    code: 131047,
    fallback,
  } as const;

  it("what is found out about an earlier call says nothing of the one under way", () => {
    const again = [
      ...requested,
      sendStarted("S"),
      { type: "SendFailed", data: { sendId: "S", retry: "later", reason: "never-arrived" } } as const,
      sendStarted("S", 2),
    ];
    const stale = {
      sendId: "S",
      attempt: 1,
      outcome: "refused",
      retry: "later",
      reason: "never-arrived",
    } as const;
    given(...again)
      .when((state) => decideFinishSend(state, stale))
      .then();
    given(...again)
      .when((state) => decideFinishSend(state, { ...stale, attempt: 2 }))
      .thenTypes("SendFailed");
  });

  it("no template of the bot's goes out over a person", () =>
    given(...calling, tookOver())
      .when((state) => decideFinishSend(state, { sendId: "S", ...closed }))
      .thenTypes("SendFailed"));

  it("one template stands in for any number of messages", () => {
    const two = [
      ...requested,
      sendRequested("S2"),
      inSpanish,
      { ...template, data: { ...template.data, sendId: "T0" } } as ConversationEvent,
    ];
    given(...two, sendStarted("S2"))
      .when((state) => decideFinishSend(state, { sendId: "S2", ...closed }))
      .thenTypes("SendFailed");
  });

  it("what the bot asked to send before a person took over is not sent after they gave back", () =>
    given(...requested, tookOver(), { type: "BotResumed", data: { by: "ana" } })
      .when((state) => decideStartSend(state, start()))
      .thenTypes("SendFailed"));

  it("the bot's last sentence is not sent once the person it asked for is there", () =>
    given(
      started(),
      identified(),
      received("a"),
      { type: "HumanRequested", data: { replyId: "R" } },
      sendRequested("S"),
      tookOver(),
    )
      .when((state) => decideStartSend(state, start()))
      .thenTypes("SendFailed"));

  it("a success that comes late is a success, parked or not", () =>
    given(...requested, sendStarted("S"), { type: "SendParked", data: { sendId: "S" } })
      .when((state) =>
        decideFinishSend(state, {
          sendId: "S",
          attempt: 1,
          outcome: "sent",
          messageId: "out-S",
          wamid: "wamid.out-S",
          evidence: "response",
        }),
      )
      .then(sent("S")));
});
