import {
  type LexRuntimeV2Client,
  type Message,
  RecognizeTextCommand,
  type RecognizeTextCommandInput,
  type RecognizeTextCommandOutput,
  type SessionState,
  type Slot,
} from "@aws-sdk/client-lex-runtime-v2";
import { createHash } from "node:crypto";
import * as z from "zod";
import { awsFault } from "./aws-faults.ts";
import type { DialogLeader, DialogOutcome, DialogRequest, Say } from "./dialog.ts";
import type { Choice } from "./model.ts";
import { wording } from "./offline-wording.ts";
import type { Language } from "./stop-words.ts";
import { languages as allLanguages } from "./terms.ts";
import { codePoints, limits } from "./whatsapp/limits.ts";

export type LexDialogOptions = {
  client: LexRuntimeV2Client;
  botId: string;
  botAliasId: string;
  /** The bot's locales, such as { es: "es_419" }; no other language is led in. */
  locales: Partial<Record<Language, string>>;
  timeoutMs?: number;
};

const timeoutMsDefault = 3_000;
/** Of RecognizeText. */
const textCharactersMax = 1_024;

/** Intents by their names: those that mean "not for me" and "stop" in every bot of ours. Custom ones are flows. */
const fallbackIntents = new Set(["FallbackIntent", "KendraSearchIntent", "QnAIntent"]);
const cancelIntents = new Set(["CancelIntent", "StopIntent"]);

/**
 * Leads the intents of an Amazon Lex V2 bot. Lex's own session is not relied on: the state goes along with every turn,
 * under a session id that a dialog has alone. Slots are Lex's interpreted values. Intents named FallbackIntent,
 * KendraSearchIntent and QnAIntent are left to the model; CancelIntent and StopIntent cancel.
 */
export function lexDialog({
  client,
  botId,
  botAliasId,
  locales,
  timeoutMs = timeoutMsDefault,
}: LexDialogOptions): DialogLeader {
  const made = { botId, botAliasId, locales: Object.values(locales).join(" ") };
  return {
    source: "lex",
    model: { id: "lex-v2", parameters: made },
    promptHash: createHash("sha256").update(JSON.stringify(made)).digest("hex"),
    languages: allLanguages.filter((language) => locales[language] !== undefined),
    about: () => "",
    turn: async (request) => {
      const localeId = locales[request.language];
      if (localeId === undefined) return { outcome: "not-mine" };
      const before = request.within && readState(request.within.state);
      const input = { botId, botAliasId, localeId, ...asked(request, before) };
      const answer = await client
        .send(new RecognizeTextCommand(input), { abortSignal: AbortSignal.timeout(timeoutMs) })
        .catch((error: unknown) => {
          throw awsFault("Lex", error);
        });
      return outcomeOf(answer, request, before);
    },
  };
}

const asked = (
  { dialogId, text, choice }: DialogRequest,
  before: SessionState | undefined,
): Pick<RecognizeTextCommandInput, "sessionId" | "text" | "sessionState"> => ({
  sessionId: dialogId,
  // a tapped button stands for its value
  text: [...(choice ?? text)].slice(0, textCharactersMax).join(""),
  ...(before && { sessionState: before }),
});

function outcomeOf(
  { sessionState, messages = [] }: RecognizeTextCommandOutput,
  { within, language }: DialogRequest,
  before: SessionState | undefined,
): DialogOutcome {
  const name = sessionState?.intent?.name;
  if (!sessionState || name === undefined || fallbackIntents.has(name)) return { outcome: "not-mine" };
  const { closing, unknown } = wording[language];
  const { state, confirmationState, slots } = sessionState.intent ?? {};
  if (cancelIntents.has(name))
    return within
      ? { outcome: "leaves", flow: within.flow, because: "cancelled", say: sayOf(messages, closing) }
      : { outcome: "not-mine" };
  switch (state) {
    case "ReadyForFulfillment":
    case "Fulfilled":
      return {
        outcome: "leaves",
        flow: name,
        because: "fulfilled",
        slots: valuesOf(slots),
        say: sayOf(messages, closing),
      };
    case "Failed":
      return confirmationState === "Denied"
        ? { outcome: "leaves", flow: name, because: "declined", say: sayOf(messages, closing) }
        : { outcome: "leaves", flow: name, because: "failed", say: sayOf(messages, unknown) };
    default:
      return asks(name, sessionState, sayOf(messages, ""), before);
  }
}

/** A question without words can't be put: then a model answers. */
function asks(
  flow: string,
  sessionState: SessionState,
  say: Say,
  before: SessionState | undefined,
): DialogOutcome {
  const { type, slotToElicit } = sessionState.dialogAction ?? {};
  if (say.text === "" || (type !== "ElicitSlot" && type !== "ConfirmIntent")) return { outcome: "not-mine" };
  return {
    outcome: "asks",
    flow,
    phase: type === "ConfirmIntent" ? "confirming" : "eliciting",
    ...(type === "ElicitSlot" && slotToElicit !== undefined && { slot: slotToElicit }),
    say,
    state: JSON.stringify(kept(sessionState)),
    understood: !before || standing(before) !== standing(sessionState),
  };
}

/** What the next turn needs. Session attributes are the bot's own, and may hold what its Lambda put there. */
const kept = ({ dialogAction, intent, activeContexts, sessionAttributes }: SessionState): SessionState => ({
  ...(dialogAction && { dialogAction }),
  ...(intent && { intent }),
  ...(activeContexts && { activeContexts }),
  ...(sessionAttributes && { sessionAttributes }),
});

/** Where the dialog stands: where a turn left it as it was, what was said was no answer. */
const standing = ({ dialogAction, intent }: SessionState): string =>
  JSON.stringify([
    intent?.name,
    dialogAction?.type,
    dialogAction?.slotToElicit,
    Object.entries(valuesOf(intent?.slots)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);

/** Lex's own, written by `kept`. */
const State = z.looseObject({ intent: z.looseObject({ name: z.string() }) });

const readState = (state: string): SessionState => State.parse(JSON.parse(state));

/** A list's values with commas between them. Slots without a value are left out. */
const valuesOf = (slots: Record<string, Slot | null> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(slots).flatMap(([name, slot]) => {
      const value =
        slot?.values && slot.values.length > 0
          ? slot.values.map((each) => each.value?.interpretedValue ?? "").join(", ")
          : slot?.value?.interpretedValue;
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Its plain texts, and a card as choices; titles too long for WhatsApp are said in the text. */
function sayOf(messages: readonly Message[], otherwise: string): Say {
  const cards = messages.flatMap(({ imageResponseCard }) => imageResponseCard ?? []);
  const choices = cards.flatMap(({ buttons = [] }) =>
    buttons.flatMap(({ text, value }): Choice[] => (text && value ? [{ id: value, title: text }] : [])),
  );
  const texts = messages.flatMap(({ contentType, content }) =>
    contentType === "PlainText" && content ? [content] : [],
  );
  const said = texts.length > 0 ? texts : cards.flatMap(({ title }) => title ?? []);
  if (said.length === 0) return { text: otherwise };
  if (choices.some(({ title }) => codePoints(title) > limits.list.title))
    return { text: [...said, ...choices.map(({ title }) => `• ${title}`)].join("\n") };
  return { text: said.join("\n"), ...(choices.length > 0 && { choices }) };
}
