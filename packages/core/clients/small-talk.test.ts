import { expect, test } from "vitest";
import {
  asksForHuman,
  asksWhetherMachine,
  beginsWith,
  followsUp,
  isJust,
  justNamesPerson,
} from "./small-talk.ts";

test.each(["Hola, buenas tardes", "¡Muchas gracias por todo!", "thanks a lot 🙏", "sí, claro, por favor"])(
  "%j is small talk",
  (text) => {
    expect(isJust(text, ["greeting", "thanks", "yes", "please"])).toBe(true);
  },
);

test.each(["", "...", "hola, ¿abrís hoy?", "thanks but no sugar", "hilo"])(
  "%j is not just small talk",
  (text) => {
    expect(isJust(text, ["greeting", "thanks", "yes", "please"])).toBe(false);
  },
);

test("a text begins with whole words", () => {
  expect(beginsWith("sí, que me llamen", "yes")).toBe(true);
  expect(beginsWith("siempre vengo", "yes")).toBe(false);
});

test.each([
  "I want to talk to a human",
  "can I speak to someone from the team?",
  "Please connect me with an agent",
  "human please",
  "a human, please",
  "un humano, por favor",
  "I don't like this bot, let me talk to a person",
  "quiero hablar con una persona",
  "No, quiero hablar con una persona",
  "¿me puede atender alguien?",
  "pásame con un agente",
  "que alguien me llame",
  "operadora",
  "quero falar com um atendente",
])("%j asks for a person", (text) => {
  expect(asksForHuman(text)).toBe(true);
});

test.each([
  "what does it cost per person?",
  "a table for one person",
  "menú para una persona",
  "tarta para 20 personas",
  "I don't want to talk to a human",
  "no quiero hablar con una persona",
  "is the manager there on Sundays?",
])("%j does not ask for a person", (text) => {
  expect(asksForHuman(text)).toBe(false);
});

test.each([
  "a person, please",
  "a person",
  "someone please",
  "Una persona, por favor",
  "uma pessoa por favor",
])("%j is a person or the number of them", (text) => {
  expect(asksForHuman(text)).toBe(false);
  expect(justNamesPerson(text)).toBe(true);
});

test.each(["one person", "una mesa para una persona", "a person lost a scarf", "personas"])(
  "%j is no mere person",
  (text) => {
    expect(justNamesPerson(text)).toBe(false);
  },
);

test.each([
  "are you a bot?",
  "Am I talking to a real person?",
  "¿eres un robot?",
  "estoy hablando con una persona?",
])("%j asks whether this is a machine", (text) => {
  expect(asksWhetherMachine(text)).toBe(true);
});

test("a question leans on the one before by how it begins", () => {
  expect(["and on Sundays?", "¿Y los domingos?", "what about parking?", "yesterday?"].map(followsUp)).toEqual(
    [true, true, true, false],
  );
});

test("a stranger's 4,096 characters do not hold up the process", () => {
  const started = performance.now();
  for (const text of ["talk to ".repeat(512), "no quiero ".repeat(400), "x ".repeat(2048)]) {
    asksForHuman(text);
    asksWhetherMachine(text);
    isJust(text, ["greeting", "thanks", "yes", "no", "bye", "please", "praise"]);
  }
  expect(performance.now() - started).toBeLessThan(500);
});
