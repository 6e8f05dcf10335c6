import { createHash } from "node:crypto";
import * as z from "zod";
import type { DialogLeader, DialogOutcome, DialogRequest } from "../dialog.ts";
import { beginsWith, isJust } from "../small-talk.ts";
import type { Language } from "../stop-words.ts";
import { languages as allLanguages, wordsOf } from "../terms.ts";
import type { Flow } from "./flow.ts";
import { allowed, readSlots, type Values } from "./read-slots.ts";
import { askFor, askToConfirm, confirmIds, farewell } from "./say.ts";

const id = "hilo-flows-1";

/** After so many answers in a row that were none, the flow gives up. */
export const missesMax = 3;
/** Who cancels says little more than that. */
const cancelWordsMax = 6;

const State = z.object({ values: z.record(z.string(), z.string()), misses: z.int() });

/** Leads the flows of files: by rules, so the same turn always has the same outcome, and what is unclear is asked again. */
export function fileDialog(flows: readonly Flow[]): DialogLeader {
  return {
    source: "offline",
    model: { id, parameters: { flows: flows.map(({ name }) => name).join(" ") } },
    promptHash: createHash("sha256")
      .update(JSON.stringify([id, flows]))
      .digest("hex"),
    languages: allLanguages.filter((language) => flows.some((flow) => speaks(flow, language))),
    about: (name, language) =>
      wordsAbout(
        flows.find((flow) => flow.name === name),
        language,
      ),
    turn: async (request) => {
      const begun = flows
        .filter(({ name }) => name !== request.within?.flow)
        .flatMap((flow) => begunIn(flow, request))[0];
      if (begun) return enter(begun.flow, { ...request, language: begun.language });
      const flow = flows.find(({ name }) => name === request.within?.flow);
      return flow && request.within ? lead(flow, request, request.within.state) : { outcome: "not-mine" };
    },
  };
}

const speaks = (flow: Flow, language: Language): boolean => flow.triggers[language] !== undefined;

const wordsAbout = (flow: Flow | undefined, language: Language): string =>
  [
    ...(flow?.triggers[language] ?? []),
    ...(flow?.slots.flatMap((slot) => (slot.type === "number" ? (slot.units[language] ?? []) : [])) ?? []),
  ].join(" ");

/** A phrase that begins a flow tells its language better than statistics of three words. */
function begunIn(flow: Flow, { text, language }: DialogRequest): { flow: Flow; language: Language }[] {
  return [language, ...allLanguages]
    .filter((each) => says(text, flow.triggers[each]) && !says(text, flow.unless[each]))
    .map((each) => ({ flow, language: each }));
}

function enter(flow: Flow, request: DialogRequest): DialogOutcome {
  const read = readSlots(flow, request);
  const values = allowed(flow, read, request.at);
  return next(flow, { values, misses: 0 }, request.language, {
    again: isLost(flow, values, {}, read),
    understood: true,
  });
}

function lead(flow: Flow, request: DialogRequest, stored: string): DialogOutcome {
  const { text, language, at } = request;
  const before = State.parse(JSON.parse(stored));
  const asked = firstMissing(flow, before.values)?.name;
  if (says(text, flow.cancel[language]) && wordsOf(text).length <= cancelWordsMax)
    return ends(flow, "cancelled", before.values, language);
  const read = readSlots(flow, { ...request, asked });
  const values = allowed(flow, { ...before.values, ...read }, at);
  const changed = flow.slots.some(({ name }) => values[name] !== before.values[name]);
  if (asked === undefined && !changed) return confirmed(flow, before, request);
  if (changed)
    return next(flow, { values, misses: 0 }, language, {
      again: isLost(flow, values, before.values, read),
      understood: true,
    });
  return missed(flow, before, language);
}

/** All is known: yes, no, or something else. */
function confirmed(flow: Flow, before: z.infer<typeof State>, request: DialogRequest): DialogOutcome {
  const { text, choice, language } = request;
  if (choice === confirmIds.yes || agrees(text)) return ends(flow, "fulfilled", before.values, language);
  if (choice === confirmIds.no || beginsWith(text, "no"))
    return ends(flow, "declined", before.values, language);
  return missed(flow, before, language);
}

const agrees = (text: string): boolean =>
  isJust(text, ["yes", "please", "praise", "thanks"]) || (beginsWith(text, "yes") && !/[?¿]/.test(text));

function missed(flow: Flow, { values, misses }: z.infer<typeof State>, language: Language): DialogOutcome {
  if (misses + 1 >= missesMax) return ends(flow, "failed", values, language);
  return next(flow, { values, misses: misses + 1 }, language, { again: true, understood: false });
}

/** Whether what is asked for next was said, and is not allowed, or no longer: then the limits are said. */
function isLost(flow: Flow, values: Values, before: Values, read: Values): boolean {
  const missing = firstMissing(flow, values);
  return missing !== undefined && (read[missing.name] ?? before[missing.name]) !== undefined;
}

function next(
  flow: Flow,
  state: z.infer<typeof State>,
  language: Language,
  { understood, again = false }: { understood: boolean; again?: boolean },
): DialogOutcome {
  const slot = firstMissing(flow, state.values);
  return {
    outcome: "asks",
    flow: flow.name,
    language,
    phase: slot ? "eliciting" : "confirming",
    ...(slot && { slot: slot.name }),
    say: slot
      ? askFor(flow, slot, state.values, language, again)
      : askToConfirm(flow, state.values, language),
    state: JSON.stringify(state),
    understood,
  };
}

function ends(
  flow: Flow,
  because: "fulfilled" | "declined" | "cancelled" | "failed",
  slots: Values,
  language: Language,
): DialogOutcome {
  const say = farewell(flow, flow[because], slots, language);
  return because === "fulfilled"
    ? { outcome: "leaves", flow: flow.name, because, slots, say }
    : { outcome: "leaves", flow: flow.name, because, say };
}

const firstMissing = ({ slots }: Flow, values: Values) =>
  slots.find(({ name }) => values[name] === undefined);

/** Whether a text has one of the phrases, word for word. */
function says(text: string, phrases: readonly string[] = []): boolean {
  const words = ` ${wordsOf(text).join(" ")} `;
  return phrases.some((phrase) => words.includes(` ${wordsOf(phrase).join(" ")} `));
}
