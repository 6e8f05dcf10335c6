/** Structured dialogs within a conversation: begun, led, left for a question in between, and come back to. */
import * as z from "zod";
import type { DialogLeader, DialogOutcome, Say } from "#core/clients/dialog.ts";
import { detectLanguage } from "#core/clients/language.ts";
import { type Answer, type AnswerRequest, ModelFault, openTurns } from "#core/clients/model.ts";
import { offerHuman } from "#core/clients/offline-replies.ts";
import { wording } from "#core/clients/offline-wording.ts";
import { asksForHuman, asksWhetherMachine, isJust, justNamesPerson } from "#core/clients/small-talk.ts";
import type { Language } from "#core/clients/stop-words.ts";
import { languages, wordsOf } from "#core/clients/terms.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import type { DialogFacts } from "#core/domain/dialog.ts";
import { type DigressionDeps, digresses, interrupts } from "./digression.ts";
import { describeError, type Log } from "#functions/shared/log.ts";

export type LeadDialogDeps = DigressionDeps & {
  dialog: DialogLeader;
  clock: () => Date;
  newId: () => string;
  log: Log;
};

export type Led = {
  /** What the dialog says itself; absent where a model answers. */
  answer?: Answer;
  /** What becomes of the dialog with this reply. */
  dialog?: DialogFacts;
  /** What waits for an answer, to be asked again below that of the model. */
  reminder?: Say;
  /** The flow can't be led on now: so long from now it may be. */
  againMs?: number;
};

/** Says nothing where the customer is in no flow and begins none. */
export const leadDialog = async (
  deps: LeadDialogDeps,
  state: Conversation,
  request: AnswerRequest,
): Promise<Led> => {
  const text = saidSince(request);
  const active = activeIn(state, deps.dialog);
  if (active === "unreadable") return giveUp(state);
  const language = active?.language ?? (await languageOf(deps.dialog, text, request.language));
  if (language === undefined) return {};
  if (isForModel(text, request) || (active && (await interrupts(deps, text, active)))) return pause(active);
  const outcome = await turn(deps, active, text, language);
  if (outcome.outcome === "unreachable") return { againMs };
  if (outcome.outcome === "not-mine") return active ? giveUp(state) : {};
  const isMissed = outcome.outcome === "asks" ? !outcome.understood : outcome.because === "failed";
  if (isMissed && justNamesPerson(text)) return pause(active);
  if (outcome.outcome === "asks" && isMissed && active && (await digresses(deps, text, active)))
    return pause(active);
  const spoken = outcome.outcome === "asks" ? (outcome.language ?? language) : language;
  return {
    answer: answerOf(deps.dialog, outcome, spoken),
    dialog: factsOf(deps, active, outcome, spoken),
  };
};

/** The question that waits, below the answer to another. Not where a person is offered, or comes. */
export const withReminder = (answer: Answer, reminder: Say | undefined): Answer => {
  if (!reminder || answer.needsHuman || answer.intent === "offer-human") return answer;
  const choices = answer.choices ?? reminder.choices;
  return { ...answer, text: `${answer.text}\n\n${reminder.text}`, ...(choices && { choices }) };
};

/** What `DialogAdvanced.state` holds: the leader's own state, and ours. */
const Stored = z.object({
  language: z.enum(languages),
  say: z.object({
    text: z.string(),
    choices: z.array(z.object({ id: z.string(), title: z.string() })).optional(),
  }),
  state: z.string(),
});

export type ActiveFlow = z.infer<typeof Stored> & { dialogId: string; flow: string };

/** Undefined where the customer is in no flow. "unreadable": one of a leader that is no longer there. */
const activeIn = (
  { dialog }: Conversation,
  { source }: DialogLeader,
): ActiveFlow | "unreadable" | undefined => {
  if (!dialog) return undefined;
  const stored = Stored.safeParse(parseJson(dialog.state));
  return stored.success && dialog.source === source
    ? { ...stored.data, dialogId: dialog.dialogId, flow: dialog.flow }
    : "unreadable";
};

const parseJson = (text = ""): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** All that the customer has written since the business last spoke. */
const saidSince = (request: AnswerRequest): string =>
  openTurns(request)
    .flatMap(({ text }) => (text?.trim() ? [text] : []))
    .join("\n");

const languageOf = async (
  { languages }: DialogLeader,
  text: string,
  conversation: string | undefined,
): Promise<Language | undefined> =>
  languages.length === 0 ? undefined : detectLanguage(text, { known: languages, conversation });

/** Media without words, and whoever asks for a person or accepts one. */
const isForModel = (text: string, { turns }: AnswerRequest): boolean => {
  if (text === "" || asksForHuman(text) || asksWhetherMachine(text)) return true;
  const spoken = turns.findLast(({ from }) => from === "business")?.text ?? "";
  const offered = Object.values(wording).some(({ offer }) => spoken.endsWith(offer));
  return offered && isJust(text, ["yes", "no", "please", "thanks"]);
};

/** When a leader that is down is asked again: its circuit is open for as long at least. */
const againMs = 10_000;

/**
 * Out of a flow, a leader that can't be reached leads into none, and the model answers. Within one the customer waits
 * until it is back; where it never will be, the flow has failed.
 */
const turn = async (
  { dialog, clock, newId, log }: LeadDialogDeps,
  active: ActiveFlow | undefined,
  text: string,
  language: Language,
): Promise<DialogOutcome | { outcome: "unreachable" }> => {
  const choice = active && choiceIn(active.say, text);
  const request = {
    dialogId: active?.dialogId ?? newId(),
    text,
    ...(choice !== undefined && { choice }),
    language,
    at: clock().toISOString(),
    ...(active && { within: { flow: active.flow, state: active.state } }),
  };
  try {
    return await dialog.turn(request);
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    if (active && error.retry === "later") return { outcome: "unreachable" };
    log("warn", "no dialog could be led", { error: describeError(error), reason: error.kind });
    return { outcome: "not-mine" };
  }
};

/** A tapped choice comes as its title. */
const choiceIn = ({ choices = [] }: Say, text: string): string | undefined => {
  const words = wordsOf(text).join(" ");
  return choices.find(({ title }) => wordsOf(title).join(" ") === words)?.id;
};

type Spoken = Exclude<DialogOutcome, { outcome: "not-mine" }>;

const answerOf = (dialog: DialogLeader, outcome: Spoken, language: Language): Answer => {
  const { text, choices } = outcome.say;
  const said = {
    language,
    confidence: 1,
    needsHuman: false,
    sources: [],
    model: { ...dialog.model, source: dialog.source },
    promptHash: dialog.promptHash,
  };
  if (outcome.outcome === "asks" || outcome.because !== "failed")
    return { ...said, text, intent: "dialog", ...(choices && { choices }) };
  return { ...said, ...offerHuman(text, said.confidence, wording[language]) };
};

const factsOf = (
  { dialog, newId }: LeadDialogDeps,
  active: ActiveFlow | undefined,
  outcome: Spoken,
  language: Language,
): DialogFacts => {
  const isSame = active?.flow === outcome.flow;
  const begun = isSame
    ? { dialogId: active.dialogId }
    : { dialogId: newId(), enters: { flow: outcome.flow, source: dialog.source } };
  if (outcome.outcome === "leaves") {
    const { because } = outcome;
    const slots = because === "fulfilled" && { slots: JSON.stringify(outcome.slots) };
    return { ...begun, turn: { leads: "out", because, ...slots } };
  }
  const { phase, slot, say, state } = outcome;
  const stored: z.infer<typeof Stored> = { language, say, state };
  return {
    ...begun,
    turn: { leads: "on", phase, ...(slot !== undefined && { slot }), state: JSON.stringify(stored) },
  };
};

const pause = (active: ActiveFlow | undefined): Led =>
  active ? { dialog: { dialogId: active.dialogId }, reminder: active.say } : {};

/** A flow that nobody can lead any more is left, and the model answers. */
const giveUp = ({ dialog }: Conversation): Led =>
  dialog ? { dialog: { dialogId: dialog.dialogId, turn: { leads: "out", because: "failed" } } } : {};
