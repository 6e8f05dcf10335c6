import { expect, test } from "vitest";
import { detectLanguage } from "./language.ts";

const known = ["en", "es"] as const;

test.each([
  ["do you have oat milk", "en"],
  ["a que hora abris", "es"],
  ["my order is late", "en"],
  ["me cobraron dos veces", "es"],
  ["hola do you speak English", "en"],
  ["Quiero un flat white, por favor", "es"],
])("%j is %s whatever was spoken before", async (text, language) => {
  for (const conversation of [undefined, "en", "es"])
    expect(await detectLanguage(text, { known, conversation })).toBe(language);
});

test.each([
  ["hola", "es"],
  ["¡¡Buenas!!", "es"],
  ["muchas gracias", "es"],
  ["hello", "en"],
  ["Thanks!", "en"],
])("the conversation's first words %j are %s", async (text, language) => {
  expect(await detectLanguage(text, { known: ["en", "es"] })).toBe(language);
  expect(await detectLanguage(text, { known: ["es", "en"] })).toBe(language);
});

test.each(["wifi", "ok", "thanks", "parking cerca", "👍", ""])(
  "under three words, %j keeps the conversation's language",
  async (text) => {
    expect(await detectLanguage(text, { known, conversation: "es" })).toBe("es");
    expect(await detectLanguage(text, { known, conversation: "en-GB" })).toBe("en");
  },
);

test.each([
  ["hello", "es", "en"],
  ["¡Hola!", "en", "es"],
])("%j after %s begins anew, in %s", async (text, conversation, language) => {
  expect(await detectLanguage(text, { known, conversation })).toBe(language);
});

test("the third word lets a text speak for itself", async () => {
  expect(await detectLanguage("parking cerca", { known, conversation: "en" })).toBe("en");
  expect(await detectLanguage("parking muy cerca", { known, conversation: "en" })).toBe("es");
});

test("what nothing tells apart is in the default language, the first", async () => {
  expect(await detectLanguage("12345", { known: ["es", "en"] })).toBe("es");
});

test("a language that is not configured is never the answer", async () => {
  expect(known).toContain(await detectLanguage("bonjour, avez-vous du pain de campagne ?", { known }));
  expect(await detectLanguage("hola", { known: ["en"], conversation: "es" })).toBe("en");
});

test("Portuguese and Spanish are told apart when both are configured", async () => {
  expect(await detectLanguage("vocês têm pão sem glúten?", { known: ["es", "pt"] })).toBe("pt");
  expect(await detectLanguage("¿tenéis pan sin gluten?", { known: ["es", "pt"] })).toBe("es");
});
