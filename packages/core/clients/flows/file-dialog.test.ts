import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import type { DialogOutcome, DialogRequest } from "../dialog.ts";
import { EvaluationSet } from "../knowledge-evaluation.ts";
import { fileDialog } from "./file-dialog.ts";
import { loadFlows } from "./load-flows.ts";

const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const flows = await loadFlows(at("flows"));
const leader = fileDialog(flows);

/** A Monday, 13:00 in Madrid. */
const noon = "2026-11-23T12:00:00.000Z";

/** Says one thing after the other, as long as the flow goes on. */
const talk = async (language: "en" | "es", ...texts: string[]): Promise<DialogOutcome[]> => {
  const outcomes: DialogOutcome[] = [];
  let within: DialogRequest["within"];
  for (const text of texts) {
    const before = outcomes.at(-1);
    const choice =
      before?.outcome === "asks" ? before.say.choices?.find(({ title }) => title === text)?.id : undefined;
    const outcome = await leader.turn({
      dialogId: "D",
      text,
      ...(choice !== undefined && { choice }),
      language,
      at: noon,
      ...(within && { within }),
    });
    outcomes.push(outcome);
    within = outcome.outcome === "asks" ? { flow: outcome.flow, state: outcome.state } : undefined;
  }
  return outcomes;
};
const last = async (...args: Parameters<typeof talk>) => (await talk(...args)).at(-1);
/** Where each turn left the flow: the slot asked for, "confirming", or how it ended. */
const places = async (...args: Parameters<typeof talk>) =>
  (await talk(...args)).map((outcome) => {
    if (outcome.outcome === "asks") return outcome.slot ?? outcome.phase;
    return outcome.outcome === "leaves" ? outcome.because : outcome.outcome;
  });

const agreed = { date: "2026-11-28", time: "13:30", guests: "4", meal: "lunch", name: "Ana López" };

test("one slot after the other, confirmed, is fulfilled with what was agreed on", async () => {
  const outcomes = await talk(
    "es",
    "Hola, quiero reservar una mesa",
    "el sábado",
    "a la una y media",
    "seremos cuatro",
    "Comida",
    "Ana López",
    "Sí, resérvala",
  );
  expect(outcomes.map((outcome) => "slot" in outcome && outcome.slot)).toEqual([
    "date",
    "time",
    "guests",
    "meal",
    "name",
    false,
    false,
  ]);
  expect(outcomes.at(-2)).toMatchObject({
    phase: "confirming",
    say: {
      text: "Una mesa para 4 el sábado, 28 de noviembre a las 13:30. Comida, a nombre de Ana López. ¿La reservo?",
      choices: [
        { id: "dialog-yes", title: "Sí, resérvala" },
        { id: "dialog-no", title: "No" },
      ],
    },
  });
  expect(outcomes.at(-1)).toMatchObject({ outcome: "leaves", because: "fulfilled", slots: agreed });
});

test("what is said at once is not asked for", async () => {
  const all = "I'd like to book a table for 4 for lunch on Saturday at half past one";
  expect(await talk("en", all, "My name is Ana López.", "yes please")).toMatchObject([
    { slot: "name" },
    { phase: "confirming" },
    { because: "fulfilled", slots: agreed },
  ]);
});

describe("a change of mind", () => {
  const told = ["book a table for 4 for lunch on Saturday at 13:30", "Ana López"];

  it("in the middle is taken, and the question put again", async () => {
    expect(await places("en", "book a table for 4", "tomorrow", "make it 5 people", "13:00")).toEqual([
      "date",
      "time",
      "time",
      "meal",
    ]);
  });

  it("where a name was asked for is no name", async () => {
    const outcomes = await talk("en", told[0] ?? "", "actually Sunday instead", "Domingo April", "yes");
    expect(outcomes.at(-1)).toMatchObject({
      slots: { ...agreed, date: "2026-11-29", name: "Domingo April" },
    });
  });

  it("at the confirmation is confirmed anew", async () => {
    expect(await talk("en", ...told, "no, at 14:00 please", "yes")).toMatchObject([
      {},
      { phase: "confirming" },
      { phase: "confirming" },
      { because: "fulfilled", slots: { ...agreed, time: "14:00" } },
    ]);
  });

  it("that makes another value impossible asks for that one again, with the limits", async () => {
    const [, , changed] = await talk(
      "en",
      "book a table for 4 for lunch on Saturday at 18:00",
      "Ana",
      "no, Sunday",
    );
    expect(changed).toMatchObject({
      slot: "time",
      say: { text: expect.stringContaining("from 08:30 to 13:30") as string },
    });
  });
});

describe("what the flow does not allow", () => {
  it.each([
    ["a day that is past", ["book a table", "2026-11-22"], "date"],
    ["the 61st day from now", ["book a table", "2027-01-23"], "date"],
    ["an hour after closing", ["book a table tomorrow", "at 20:01"], "time"],
    ["less than two hours from now", ["book a table today", "at 14:59"], "time"],
    ["nobody", ["book a table tomorrow at 13:00", "0"], "guests"],
    ["one more than eight", ["book a table tomorrow at 13:00", "9"], "guests"],
  ])("is asked for again: %s", async (_, said, slot) => {
    expect(await last("en", ...said)).toMatchObject({ slot });
  });

  it.each([
    ["en", "book a table for 4 on Sunday at 19:00", "from 08:30 to 13:30"],
    ["es", "quiero reservar mesa mañana a las 10:00 para 12 personas", "de 1 a 8"],
  ] as const)("is told its limits in the first message, too: %s", async (language, said, limits) => {
    expect(await last(language, said)).toMatchObject({
      say: { text: expect.stringContaining(limits) as string },
      understood: true,
    });
  });

  it.each([
    ["the 60th day from now", ["book a table", "2027-01-22"], "time"],
    ["the last hour", ["book a table tomorrow", "at 20:00"], "guests"],
    ["two hours from now", ["book a table today", "at 15:00"], "guests"],
    ["eight", ["book a table tomorrow at 13:00", "8"], "meal"],
  ])("but not a moment before that: %s", async (_, said, slot) => {
    expect(await last("en", ...said)).toMatchObject({ slot, understood: true });
  });
});

it("an hour that may be of the morning or of the evening is asked for again", async () => {
  const open = fileDialog(
    flows.map((flow) => ({
      ...flow,
      slots: flow.slots.map((slot) =>
        slot.type === "time" ? { ...slot, from: "07:00", to: "23:00" } : slot,
      ),
    })),
  );
  const turn = (text: string, within?: DialogRequest["within"]) =>
    open.turn({ dialogId: "D", text, language: "en", at: noon, ...(within && { within }) });
  const begun = await turn("book a table tomorrow");
  const within = begun.outcome === "asks" ? { flow: begun.flow, state: begun.state } : undefined;
  expect(await turn("at 8", within)).toMatchObject({ slot: "time", understood: false });
  expect(await turn("at 8pm", within)).toMatchObject({ slot: "guests" });
});

describe("the end", () => {
  const confirming = ["book a table for 4 for lunch on Saturday at 13:30", "Ana López"];
  it("is a refusal where the customer says no", async () => {
    expect(await last("en", ...confirming, "No")).toMatchObject({ because: "declined" });
  });

  it("is at hand at any time", async () => {
    expect(await last("es", "quiero reservar mesa", "mejor déjalo")).toMatchObject({
      because: "cancelled",
      say: { text: "Olvidado: no hay nada reservado." },
    });
  });

  it("comes after three answers in a row that were none", async () => {
    expect(await places("en", "book a table", "hm", "dunno", "tomorrow", "eh", "oh", "uh")).toEqual([
      "date",
      "date",
      "date",
      "time",
      "time",
      "time",
      "failed",
    ]);
  });
});

it("what is no answer is said to be none, and asked again otherwise", async () => {
  const [first, second] = await talk("en", "book a table", "hm");
  expect([first, second]).toMatchObject([{ understood: true }, { understood: false }]);
  expect(second).not.toMatchObject({ say: first?.outcome === "asks" ? first.say : {} });
});

it("choices are offered by their titles, and other words for them count", async () => {
  const [, asked, named] = await talk("es", "mesa para 2 mañana a las 13:00", "¿?", "venimos a merendar");
  expect(asked).toMatchObject({
    slot: "meal",
    say: { choices: [{ title: "Desayuno o brunch" }, { title: "Comida" }, { title: "Café y tarta" }] },
  });
  expect(named).toMatchObject({ slot: "name" });
});

it("a flow that is gone knows nothing of its state", async () => {
  const within = { flow: "haircut", state: "{}" };
  expect(await leader.turn({ dialogId: "D", text: "yes", language: "en", at: noon, within })).toEqual({
    outcome: "not-mine",
  });
});

it("of all questions that customers ask, only those for a table begin the flow", async () => {
  const sets = await Promise.all(
    ["tuning", "held-out"].map(async (name) =>
      EvaluationSet.parse(JSON.parse(await readFile(at(`knowledge/evaluation/${name}.json`), "utf8"))),
    ),
  );
  const asked = sets.flatMap(({ answered, declined }) => [
    ...Object.entries(answered).flatMap(([source, texts]) => texts.map((text) => ({ source, text }))),
    ...Object.entries(declined).flatMap(([language, texts]) =>
      texts.map((text) => ({ source: `none.${language}`, text })),
    ),
  ]);
  const begun: string[] = [];
  for (const { source, text } of asked) {
    const language = source.split(".")[1] === "es" ? "es" : "en";
    const { outcome } = await leader.turn({ dialogId: "D", text, language, at: noon });
    if (outcome === "asks") begun.push(source);
  }
  expect(asked.length).toBeGreaterThan(400);
  expect(begun).toHaveLength(9);
  expect(new Set(begun)).toEqual(
    new Set(["reservations.en.md#booking-a-table", "reservations.es.md#reservar-mesa"]),
  );
});
