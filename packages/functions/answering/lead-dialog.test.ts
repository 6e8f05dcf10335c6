import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { DialogLeader } from "#core/clients/dialog.ts";
import { fileDialog } from "#core/clients/flows/file-dialog.ts";
import { loadFlows } from "#core/clients/flows/load-flows.ts";
import { loadKnowledge } from "#core/clients/knowledge.ts";
import { ModelFault } from "#core/clients/model.ts";
import { offlineModel } from "#core/clients/offline-model.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { echo, message, webhook } from "#functions/testing/webhooks.ts";
import { offered, world, type World } from "#functions/testing/world.ts";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const knowledge = await loadKnowledge(at("knowledge"));
const flows = await loadFlows(at("flows"));
const lucia = { phone: "34600000001" };

let w: World;
let stream = "";
let said = 0;
beforeEach(() => {
  w = world();
  said = 0;
  Object.assign(w.deps, {
    dialog: fileDialog(flows),
    knowledge: async () => knowledge,
    models: [offered("offline", offlineModel({ knowledge }))],
  });
});

const write = async (text: string): Promise<void> => receive({ type: "text", text: { body: text } });
const receive = async (content: object): Promise<void> => {
  await w.post(webhook(message(lucia, `wamid.${said++}`, w.deps.clock().getTime(), content)));
  stream = (await w.streams())[0] ?? "";
};
const deliver = async (): Promise<boolean> => {
  const versions = (await w.events(stream)).filter(({ type }) => type === "MessageReceived");
  return w.deliver(generateReply(w.deps), stream, versions.at(-1)?.version ?? 0);
};
/** Writes, has it answered, and reads what was said. */
const say = async (text: string): Promise<string> => {
  await write(text);
  await deliver();
  return lastSaid();
};
const lastSaid = async (): Promise<string> => {
  const sends = (await w.events(stream)).filter(({ type }) => type === "SendRequested");
  const { content } = (sends.at(-1)?.data ?? {}) as EventOf<"SendRequested">["data"];
  return "text" in content ? content.text : "";
};
const dialogFacts = async () =>
  (await w.events(stream)).flatMap(({ type, data }) => {
    if (!type.startsWith("Dialog")) return [];
    const { slot, phase, because } = data as Partial<Record<string, string>>;
    return [[type, slot ?? because ?? phase].filter(Boolean).join(" ")];
  });

it("a reservation is led from the first message to the last, and its slots are a fact for others", async () => {
  await say("Hi! I'd like to book a table for 4 tomorrow at 13:30");
  await say("Lunch");
  const question = await say("Ana López");
  expect(question).toBe(
    "A table for 4 on Tuesday 24 November at 13:30. Lunch, under the name of Ana López. Shall I book it?",
  );
  await say("Yes, book it");
  expect(await dialogFacts()).toEqual([
    "DialogEntered",
    "DialogAdvanced meal",
    "DialogAdvanced name",
    "DialogAdvanced confirming",
    "DialogLeft fulfilled",
  ]);
  const left = (await w.events(stream)).find(({ type }) => type === "DialogLeft");
  const { slots } = (left?.data ?? {}) as EventOf<"DialogLeft">["data"];
  expect(JSON.parse(slots ?? "")).toEqual({
    date: "2026-11-24",
    time: "13:30",
    guests: "4",
    meal: "lunch",
    name: "Ana López",
  });
});

it("what it says is recorded as what leads said it, and choices are buttons", async () => {
  await say("mesa para 2 mañana a las 13:30");
  const events = await w.events(stream);
  expect(events.find(({ type }) => type === "ReplyGenerated")?.data).toMatchObject({
    intent: "dialog",
    language: "es",
    model: { id: "hilo-flows-1", source: "offline", parameters: { flows: "reservation" } },
  });
  expect(events.at(-1)?.data).toMatchObject({
    content: { type: "buttons", buttons: [{ id: "breakfast" }, { id: "lunch" }, { id: "coffee" }] },
  });
});

describe("a question in between", () => {
  it("is answered, the flow's is put again below, and the flow goes on where it was", async () => {
    await say("quiero reservar una mesa para 4");
    const digression = await say("¿Tenéis pan sin gluten?");
    expect(digression).toMatch(/gluten/i);
    expect(digression).toMatch(/\n\nTe la reservo\. ¿Para qué día\?$/);
    await say("¿y dónde se puede aparcar?");
    await say("el sábado a las 13:30");
    expect(await dialogFacts()).toEqual([
      "DialogEntered",
      "DialogAdvanced date",
      "DialogPaused",
      "DialogResumed",
      "DialogAdvanced meal",
    ]);
  });

  it("is one even where its words would be an answer: open on Sunday is no Sunday", async () => {
    await say("book a table for 4");
    expect(await say("are you open on Sundays?")).toMatch(/Sunday/);
    expect((await dialogFacts()).at(-1)).toBe("DialogPaused");
    expect(await say("is Sunday at 12:00 possible?")).toMatch(/What will you come for\?/);
  });

  it("that nobody knows the answer to is no answer to the flow's either", async () => {
    await say("book a table for 4");
    expect(await say("do you have a swimming pool?")).toBe(
      "I'm sorry, I don't know that. Shall I get someone from the team?",
    );
    await say("No, thanks");
    expect(await say("tomorrow at 13:30")).toBe("What will you come for?");
  });

  it("for a time gives none", async () => {
    await say("quiero reservar mesa para 4");
    expect(await say("hasta qué hora abrís los domingos")).toMatch(/14:00/);
    expect((await dialogFacts()).at(-1)).toBe("DialogPaused");
  });

  it("about the flow's own matter is an answer, or asked again", async () => {
    await say("book a table for 4");
    expect(await say("a table?")).toMatch(/^For which day, within/);
    expect((await dialogFacts()).at(-1)).toBe("DialogAdvanced date");
  });

  it("keeps the flow's choices", async () => {
    await say("book a table for 4 tomorrow at 13:30");
    await say("do you have gluten-free bread?");
    expect((await w.events(stream)).at(-1)?.data).toMatchObject({ content: { type: "buttons" } });
  });
});

it("a flow is left on the customer's word, and the next question is the model's", async () => {
  await say("book a table for 4");
  expect(await say("never mind")).toBe("Forgotten: nothing is booked.");
  expect(await say("until when are you open today?")).toMatch(/Offline model/);
  expect((await dialogFacts()).at(-1)).toBe("DialogLeft cancelled");
});

it("a customer who asks for a person in a flow gets one, and the flow is theirs", async () => {
  await say("book a table for 4");
  await say("I'd rather talk to a person");
  const types = (await w.types(stream)).slice(-4);
  expect(types).toEqual(["ReplyGenerated", "DialogLeft", "HumanRequested", "SendRequested"]);
  expect((await dialogFacts()).at(-1)).toBe("DialogLeft human");
});

describe("a person, please", () => {
  it.each([
    ["book a table tomorrow at 10:00 for 12 people", "a person, please"],
    ["quiero reservar mesa mañana a las 10:00 para 12 personas", "hablar con una persona"],
    ["quiero reservar mesa", "una persona, por favor"],
  ])("is a wish where it is no number: %j, %j", async (first, wish) => {
    await say(first);
    await say(wish);
    expect((await dialogFacts()).at(-1)).toBe("DialogLeft human");
  });

  it("is one guest where guests are counted", async () => {
    await say("quiero reservar mesa mañana a las 10:00");
    expect(await say("una persona, por favor")).toBe("¿Para qué vendréis?");
  });

  it("is a wish even as the third answer in a row that is none", async () => {
    await say("book a table");
    await say("hm");
    await say("dunno");
    await say("a person, please");
    expect((await dialogFacts()).at(-1)).toBe("DialogLeft human");
  });

  it.each([
    "quiero reservar mesa mañana a las 10:00 para 12 personas",
    "book a table tomorrow at 10:00 for 12 people",
  ])("comes by the words that the flow names to those who are too many: %j", async (text) => {
    const words = /[«"](?<words>.+)[»"]/.exec(await say(text))?.groups?.["words"];
    await say(words ?? "");
    expect((await dialogFacts()).at(-1)).toBe("DialogLeft human");
  });
});

it("three answers that are none end it, and a person is offered, and comes on a yes", async () => {
  await say("book a table");
  await say("hm");
  await say("dunno");
  expect(await say("eh")).toBe(
    "I'm sorry, I can't manage to book it with you. Shall I get someone from the team?",
  );
  await say("Yes, please");
  expect(await dialogFacts()).toContain("DialogLeft failed");
  expect(await w.types(stream)).toContain("HumanRequested");
});

it("a person who takes over leaves the flow, and what they hand back begins anew", async () => {
  await say("book a table for 4");
  await w.post(webhook(echo(lucia, "wamid.e", w.deps.clock().getTime())));
  expect((await dialogFacts()).at(-1)).toBe("DialogLeft human");
});

it("a flow is over after 24 hours of silence", async () => {
  await say("book a table for 4");
  w.pass(24 * 3_600_000);
  expect(await say("tomorrow at 13:30")).not.toMatch(/What will you come for/);
  expect((await dialogFacts()).at(-1)).toBe("DialogLeft expired");
});

it("media without words pauses it", async () => {
  await say("book a table for 4");
  await receive({ type: "sticker", sticker: { id: "1", mime_type: "image/webp", sha256: "x" } });
  await deliver();
  expect((await dialogFacts()).at(-1)).toBe("DialogPaused");
});

it("a state that this program can't read ends the flow instead of holding the customer", async () => {
  await say("book a table for 4");
  Object.assign(w.deps, { dialog: { ...fileDialog(flows), source: "lex" } });
  expect(await say("until when are you open today?")).toMatch(/Offline model/);
  expect((await dialogFacts()).at(-1)).toBe("DialogLeft failed");
});

describe("a leader that is down", () => {
  const down = (retry: ModelFault["retry"]): DialogLeader => ({
    ...fileDialog(flows),
    turn: async () => {
      throw new ModelFault("unavailable", retry, "down");
    },
  });

  it("leads into nothing: the model answers", async () => {
    Object.assign(w.deps, { dialog: down("later") });
    expect(await say("until when are you open today?")).toMatch(/Offline model/);
  });

  it("has the customer wait within a flow, until it is back", async () => {
    await say("book a table for 4");
    const { dialog } = w.deps;
    Object.assign(w.deps, { dialog: down("later") });
    await write("tomorrow at 13:30");
    expect(await deliver()).toBe(false);
    Object.assign(w.deps, { dialog });
    // sooner than the claim would have ended by itself
    w.pass(10_000);
    expect(await deliver()).toBe(true);
    expect(await lastSaid()).toBe("What will you come for?");
  });

  it("is asked ever more rarely, the longer it is down", async () => {
    await say("book a table for 4");
    Object.assign(w.deps, { dialog: down("later") });
    await write("tomorrow at 13:30");
    await deliver();
    for (const ms of [30_000, 3_600_000]) {
      w.pass(ms);
      await deliver();
    }
    expect(w.again.map(({ delayMs }) => delayMs)).toEqual([10_000, 30_500, 300_000]);
  });

  it("for good ends the flow, and the model answers", async () => {
    await say("book a table for 4");
    Object.assign(w.deps, { dialog: down("never") });
    expect(await say("until when are you open today?")).toMatch(/Offline model/);
    expect((await dialogFacts()).at(-1)).toBe("DialogLeft failed");
  });
});

it("a knowledge base that is down ends no flow, and holds none up", async () => {
  await say("book a table for 4");
  const failing = async () => {
    throw new ModelFault("unavailable", "later", "down");
  };
  Object.assign(w.deps, { knowledge: async () => ({ ...knowledge, search: failing }) });
  expect(await say("do you have a swimming pool?")).toMatch(/I don't know that/);
  expect((await dialogFacts()).at(-1)).toBe("DialogPaused");
});

it("F60: what a flow says counts among the answers of a day", async () => {
  w.deps.allowance = { usd: 1, replies: 1 };
  await say("book a table for 4");
  await say("tomorrow at 13:30");
  const withheld = (await w.events(stream)).filter(({ type }) => type === "ReplyWithheld");
  expect(withheld.map(({ data }) => data)).toMatchObject([{ reason: "budget-spent" }]);
});

/** The whole handler: any messages delivered any number of times, in any order, with time passing in between. */
it("however often and in whatever order deliveries come, a reservation is fulfilled once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(9), fc.nat(2)), { maxLength: 12 }), async (deliveries) => {
      w = world();
      said = 0;
      Object.assign(w.deps, { dialog: fileDialog(flows), knowledge: async () => knowledge });
      await say("book a table for 4 for lunch tomorrow at 13:30");
      await say("Ana López");
      await write("Yes, book it");
      await write("yes");
      const messages = (await w.events(stream)).filter(({ type }) => type === "MessageReceived");
      const handler = generateReply(w.deps);
      for (const [which, pause] of [...deliveries, [messages.length - 1, 2] as const]) {
        const version = messages[which % messages.length]?.version ?? 0;
        await Promise.all(Array.from({ length: pause + 1 }, () => w.deliver(handler, stream, version)));
        w.pass(pause * 20_000);
      }
      await deliver();
      const facts = await dialogFacts();
      expect(facts.filter((fact) => fact === "DialogLeft fulfilled")).toHaveLength(1);
    }),
    { numRuns: 30 },
  );
});
