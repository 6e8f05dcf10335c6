import {
  LexRuntimeV2Client,
  type RecognizeTextResponse,
  type SessionState,
} from "@aws-sdk/client-lex-runtime-v2";
import { describe, expect, it, test } from "vitest";
import { recordedAws, type Recorded } from "../testing/recorded-aws.ts";
import type { DialogOutcome, DialogRequest } from "./dialog.ts";
import { lexDialog } from "./lex-dialog.ts";
import { ModelFault } from "./model.ts";

const request: DialogRequest = {
  dialogId: "01JD0000000000000000000000",
  text: "quiero reservar una mesa para cuatro",
  language: "es",
  at: "2026-11-23T12:00:00.000Z",
};

const slot = (interpretedValue: string) => ({
  value: { originalValue: interpretedValue, interpretedValue, resolvedValues: [interpretedValue] },
  shape: "Scalar" as const,
});

const inProgress = (slots: Record<string, unknown>, slotToElicit: string) => ({
  dialogAction: { type: "ElicitSlot", slotToElicit },
  intent: { name: "BookTable", state: "InProgress", confirmationState: "None", slots },
  sessionAttributes: {},
  originatingRequestId: "b2f1a1b4-0000-4000-8000-000000000001",
});
const say = (content: string) => [{ contentType: "PlainText", content }];

const isSlow = (answer: Recorded): boolean => answer !== "hang-up" && answer.after !== undefined;

const turn = async (answer: Recorded, more: Partial<DialogRequest> = {}) => {
  await using aws = await recordedAws(answer);
  const client = new LexRuntimeV2Client(aws.client);
  const leader = lexDialog({
    client,
    botId: "BOT1234567",
    botAliasId: "TSTALIASID",
    locales: { es: "es_ES" },
    timeoutMs: isSlow(answer) ? 100 : 20_000,
  });
  const outcome = await leader.turn({ ...request, ...more }).catch((error: unknown) => error);
  client.destroy();
  return { outcome, asked: aws.asked };
};

/** The next turn of a dialog that a recorded answer began. */
const after = async (begun: object, answer: Recorded, more: Partial<DialogRequest>) => {
  const { outcome } = await turn({ body: begun });
  const { state, flow } = outcome as Extract<DialogOutcome, { outcome: "asks" }>;
  return turn(answer, { within: { flow, state }, ...more });
};

// of es_ES; a slot without a value is null on the wire
const askedForDate = {
  messages: say("¿Para qué día?"),
  sessionState: inProgress({ Guests: slot("4"), Date: null, Time: null }, "Date"),
  interpretations: [
    { intent: { name: "BookTable", state: "InProgress" }, nluConfidence: { score: 0.94 } },
    { intent: { name: "FallbackIntent" } },
  ],
  sessionId: request.dialogId,
};

test("an intent that begins is a flow, and its prompt is what is asked", async () => {
  const { outcome, asked } = await turn({ body: askedForDate });
  expect(outcome).toMatchObject({
    outcome: "asks",
    flow: "BookTable",
    phase: "eliciting",
    slot: "Date",
    say: { text: "¿Para qué día?" },
    understood: true,
  });
  expect(asked).toEqual([
    {
      method: "POST",
      path: "/bots/BOT1234567/botAliases/TSTALIASID/botLocales/es_ES/sessions/01JD0000000000000000000000/text",
      body: { text: "quiero reservar una mesa para cuatro" },
    },
  ]);
});

test("the state goes along, without what was only of the request before", async () => {
  const { asked } = await after(askedForDate, { body: askedForDate }, { text: "el sábado" });
  const { originatingRequestId: _, ...state } = askedForDate.sessionState;
  // the SDK sends no nulls, which mean nothing here
  const intent = { ...state.intent, slots: { Guests: slot("4") } };
  expect(asked[0]?.body).toEqual({ text: "el sábado", sessionState: { ...state, intent } });
});

test("the same question once more means that the answer was none", async () => {
  const again = { ...askedForDate, messages: say("¿Qué día, por favor?") };
  expect((await after(askedForDate, { body: again }, { text: "eh" })).outcome).toMatchObject({
    say: { text: "¿Qué día, por favor?" },
    understood: false,
  });
});

test("a confirmation has its buttons as choices, and a tapped one stands for its value", async () => {
  const confirming = {
    messages: [
      ...say("Una mesa para 4 el sábado. ¿La reservo?"),
      {
        contentType: "ImageResponseCard",
        imageResponseCard: {
          title: "Confirmar",
          buttons: [
            { text: "Sí, resérvala", value: "yes" },
            { text: "No", value: "no" },
          ],
        },
      },
    ],
    sessionState: {
      dialogAction: { type: "ConfirmIntent" },
      intent: {
        name: "BookTable",
        state: "InProgress",
        slots: { Guests: slot("4"), Date: slot("2026-11-28") },
      },
    },
  };
  const { outcome } = await after(askedForDate, { body: confirming }, { text: "el sábado" });
  expect(outcome).toMatchObject({
    phase: "confirming",
    say: {
      text: "Una mesa para 4 el sábado. ¿La reservo?",
      choices: [
        { id: "yes", title: "Sí, resérvala" },
        { id: "no", title: "No" },
      ],
    },
  });
  const tapped = await after(confirming, { body: askedForDate }, { text: "Sí, resérvala", choice: "yes" });
  expect(tapped.asked[0]?.body).toMatchObject({ text: "yes" });
});

describe("the end", () => {
  const ended = (
    intent: Partial<NonNullable<SessionState["intent"]>>,
    messages: RecognizeTextResponse["messages"] = [],
  ) => ({
    messages,
    sessionState: { dialogAction: { type: "Close" }, intent: { name: "BookTable", ...intent } },
  });
  const slots = { Guests: slot("4"), Extras: { shape: "List" as const, values: [slot("a"), slot("b")] } };

  it.each([
    [
      "fulfilled when all is known",
      ended({ state: "ReadyForFulfillment", slots }, [{ contentType: "PlainText", content: "Hecho." }]),
      { because: "fulfilled", slots: { Guests: "4", Extras: "a, b" }, say: { text: "Hecho." } },
    ],
    [
      "fulfilled when Lex's own Lambda did it",
      ended({ state: "Fulfilled", slots }),
      { because: "fulfilled", say: { text: expect.stringMatching(/^De acuerdo/) as string } },
    ],
    ["declined", ended({ state: "Failed", confirmationState: "Denied" }), { because: "declined" }],
    [
      "failed after too many tries",
      ended({ state: "Failed", confirmationState: "None" }),
      { because: "failed" },
    ],
    [
      "cancelled",
      ended({ name: "CancelIntent", state: "ReadyForFulfillment" }),
      { flow: "BookTable", because: "cancelled" },
    ],
  ])("is %s", async (_, body, expected) => {
    const { outcome } = await after(askedForDate, { body }, { text: "sí" });
    expect(outcome).toMatchObject({ outcome: "leaves", ...expected });
  });
});

describe("not for Lex", () => {
  it.each([
    ["what it does not understand", { intent: { name: "FallbackIntent", state: "ReadyForFulfillment" } }],
    ["a cancellation of nothing", { intent: { name: "CancelIntent", state: "ReadyForFulfillment" } }],
    ["an answer without a state", undefined],
    ["a question without words", inProgress({}, "Date")],
  ])("is %s", async (_, sessionState) => {
    expect((await turn({ body: { ...(sessionState && { sessionState }) } })).outcome).toEqual({
      outcome: "not-mine",
    });
  });

  it("is a language that the bot has no locale for, and it is not asked", async () => {
    expect(await turn({ body: askedForDate }, { language: "en" })).toEqual({
      outcome: { outcome: "not-mine" },
      asked: [],
    });
  });
});

it("more than Lex takes is cut, between characters", async () => {
  const { asked } = await turn({ body: askedForDate }, { text: "🥐".repeat(1_025) });
  expect(asked[0]?.body).toEqual({ text: "🥐".repeat(1_024) });
});

test.each<[string, Recorded, Partial<ModelFault>]>([
  [
    "asked with a bad signature",
    { status: 403, error: "InvalidSignatureException", body: { message: "" } },
    { kind: "invalid", retry: "never" },
  ],
  [
    "throttled",
    { status: 429, error: "ThrottlingException", body: { message: "" } },
    { kind: "throttled", retry: "later" },
  ],
  [
    "refused",
    { status: 403, error: "AccessDeniedException", body: { message: "" } },
    { kind: "invalid", retry: "never" },
  ],
  [
    "gone",
    { status: 404, error: "ResourceNotFoundException", body: { message: "" } },
    { kind: "invalid", retry: "never" },
  ],
  [
    "waiting for its own Lambda",
    { status: 424, error: "DependencyFailedException", body: { message: "" } },
    { kind: "unavailable", retry: "later" },
  ],
  [
    "down",
    { status: 500, error: "InternalServerException", body: { message: "" } },
    { kind: "unavailable", retry: "later" },
  ],
  ["cut off", "hang-up", { retry: "later" }],
  ["slow", { body: askedForDate, after: 20_000 }, { kind: "timeout", retry: "later" }],
])("Lex that is %s is a fault that says what to do", async (_, answer, fault) => {
  const { outcome } = await turn(answer);
  expect(outcome).toBeInstanceOf(ModelFault);
  expect(outcome).toMatchObject(fault);
});
