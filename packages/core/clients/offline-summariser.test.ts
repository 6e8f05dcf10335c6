import { describe, expect, it } from "vitest";
import type { Turn } from "./model.ts";
import { factsIn } from "./offline-facts.ts";
import { offlineSummariser } from "./offline-summariser.ts";
import { wording } from "./offline-wording.ts";

const customer = (text: string): Turn => ({ from: "customer", kind: "text", text });
const business = (text: string): Turn => ({ from: "business", kind: "text", text });
const { summarise } = offlineSummariser();

/** What a careful reader would take from each, written before the patterns were tried on it. */
const said: [string, Record<string, string>][] = [
  ["Hi, my name is Ann Lee and I'd like a table", { name: "Ann Lee" }],
  ["hola me llamo lucía y quería reservar", { name: "lucía" }],
  ["Mi nombre es José Luis García, buenas", { name: "José Luis García" }],
  ["O meu nome é João", { name: "João" }],
  ["Me chamo Ana Beatriz, tudo bem?", { name: "Ana Beatriz" }],
  ["I'm vegan", { diet: "vegan" }],
  ["We are both vegetarian.", { diet: "vegetarian" }],
  ["soy celíaca, ¿qué puedo comer?", { diet: "gluten-free" }],
  ["Soy intolerante a la lactosa", { diet: "lactose-free" }],
  ["sou vegetariano", { diet: "vegetarian" }],
  ["I am allergic to peanuts and shellfish, but eggs are fine", { allergy: "peanuts and shellfish" }],
  ["Tengo alergia a los frutos secos", { allergy: "frutos secos" }],
  ["Sou alérgica a camarão, mas gosto de peixe", { allergy: "camarão" }],
  ["I live in Porto.", { city: "Porto" }],
  ["Vivo en Las Palmas, ¿hacéis envíos?", { city: "Las Palmas" }],
  ["Moro em São Paulo", { city: "São Paulo" }],
  ["My email is ann.lee@example.com", { email: "ann.lee@example.com" }],
  ["mi correo es lucia@example.es", { email: "lucia@example.es" }],
  ["Please answer in English", { language: "en" }],
  ["solo hablo español", { language: "es" }],
  ["só falo português", { language: "pt" }],
  ["I'm Ann's sister, she is a vegan chef", {}],
  ["no soy vegana", {}],
  ["I am not vegetarian", {}],
  ["Do you have vegan dishes?", {}],
  ["¿Tenéis opciones sin gluten?", {}],
  ["What is the name of the chef?", {}],
  ["¿Habláis inglés?", {}],
  ["Do you live in town?", {}],
  ["Ok, gracias", {}],
];

describe("what customers say of themselves", () => {
  it.each(said)("%s", (text, facts) => {
    expect(Object.fromEntries(factsIn(text).map(({ name, value }) => [name, value]))).toEqual(facts);
  });
});

it.each(["my name is ", "a? ", "soy ", "alergia a los ", "my email is a.", "vivo en a, "])(
  "a stranger's 40 messages of 4,096 characters of %j do not hold up the process",
  async (text) => {
    const turns = Array.from({ length: 40 }, () => customer(text.repeat(4_096).slice(0, 4_096)));
    const startedAt = performance.now();
    await summarise({ turns });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  },
);

describe("the offline summary", () => {
  it("says that it is offline, and is always the same of the same turns", async () => {
    const request = { turns: [customer("Quiero una mesa para cuatro."), business("Hecho.")] };
    const once = await summarise(request);
    expect(once.model).toEqual({ id: "hilo-extractive-summary-1", source: "offline" });
    expect(await summarise(request)).toEqual(once);
  });

  it("keeps what the customer said of substance, word for word and in order, and no small talk", async () => {
    const { summary } = await summarise({
      turns: [
        customer("Hola, buenas tardes."),
        customer("Quiero reservar una mesa en la terraza el viernes."),
        business("Muy bien, ¿para cuántos?"),
        customer("Gracias. Somos cuatro y traemos un carrito de bebé."),
        business("Hecho."),
        customer("Quiero reservar la terraza."),
      ],
    });
    expect(summary.split("\n")).toEqual([
      "Quiero reservar una mesa en la terraza el viernes.",
      "Somos cuatro y traemos un carrito de bebé.",
    ]);
  });

  it("rolls on: what was kept before stays as long as there is room, and never exceeds its limit", async () => {
    let before = {
      summary: "",
      facts: [] as { name: string; value: string }[],
      openQuestions: [] as string[],
    };
    for (let round = 0; round < 30; round++)
      before = await summarise({
        before,
        turns: [customer(`Pregunto por el producto ${letters(round)} con entrega ${letters(round + 400)}`)],
      });
    expect(before.summary.length).toBeLessThanOrEqual(1_200);
    expect(before.summary).toContain(letters(29));
    expect(before.summary.split("\n").length).toBeGreaterThan(10);
  });

  it("keeps facts from before, and the later of two values", async () => {
    const { facts } = await summarise({
      before: {
        summary: "",
        facts: [
          { name: "name", value: "Ana" },
          { name: "city", value: "Vigo" },
        ],
        openQuestions: [],
      },
      turns: [customer("Ahora vivo en Lugo.")],
    });
    expect(facts).toEqual([
      { name: "name", value: "Ana" },
      { name: "city", value: "Lugo" },
    ]);
  });
});

describe("an open question", () => {
  const offer = `${wording.es.unknown} ${wording.es.offer}`;
  const open = async (before: string[], ...turns: Turn[]) =>
    (await summarise({ before: { summary: "", facts: [], openQuestions: before }, turns, language: "es" }))
      .openQuestions;

  it.each<[string, string[], Turn[], string[]]>([
    ["is one that nothing followed", [], [customer("¿Hay aparcamiento?")], ["¿Hay aparcamiento?"]],
    ["is none that the business answered", [], [customer("¿Hay aparcamiento?"), business("Sí, detrás.")], []],
    [
      "is one that only an offer followed",
      [],
      [customer("¿Hay aparcamiento?"), business(offer)],
      ["¿Hay aparcamiento?"],
    ],
    [
      "from before stays",
      ["¿Hay aparcamiento?"],
      [customer("Ok"), business("Hasta luego")],
      ["¿Hay aparcamiento?"],
    ],
    [
      "from before is closed when it is asked again and answered",
      ["¿Hay aparcamiento?"],
      [customer("Entonces, ¿el aparcamiento?"), business("Sí.")],
      [],
    ],
    [
      "asked twice is one",
      [],
      [customer("¿Hay aparcamiento?"), customer("¿Y el aparcamiento?")],
      ["¿Y el aparcamiento?"],
    ],
    ["is no remark", [], [customer("Hay aparcamiento.")], []],
    ["needs words", [], [customer("???")], []],
  ])("%s", async (_, before, turns, expected) => {
    expect(await open(before, ...turns)).toEqual(expected);
  });

  it("is one of the last five", async () => {
    const many = ["pan", "leche", "vino", "queso", "fruta", "arroz"].map((what) =>
      customer(`¿Tenéis ${what}?`),
    );
    expect(await open([], ...many)).toEqual(
      ["leche", "vino", "queso", "fruta", "arroz"].map((what) => `¿Tenéis ${what}?`),
    );
  });
});

/** A word of its own for each number. */
const letters = (number: number): string =>
  [...String(number)].map((digit) => "bcdfghjklm"[Number(digit)] ?? "").join("a") + "ona";
