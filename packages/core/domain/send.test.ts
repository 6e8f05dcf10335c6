import { describe, expect, it } from "vitest";
import { decideFinishSend, decideStartSend, recipientOf } from "./send.ts";
import { serviceWindowMs } from "./service-window.ts";
import { after, given, noon, stateAfter } from "../testing/given.ts";
import {
  identified,
  received,
  sendRequested,
  sendStarted,
  sent,
  started,
  tookOver,
} from "../testing/samples.ts";

const requested = [started(), identified(), received("a"), sendRequested("S")];
const start = (at = noon) => ({ at, sendId: "S" });

describe("starting a send", () => {
  it("is recorded before the call", () =>
    given(...requested)
      .when((state) => decideStartSend(state, start()))
      .then(sendStarted("S")));

  it("F26: is refused when a human took over since it was asked for", () =>
    given(...requested, tookOver())
      .when((state) => decideStartSend(state, start()))
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
