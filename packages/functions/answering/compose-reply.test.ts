import { expect, it } from "vitest";
import { composeReply } from "./compose-reply.ts";

const choices = (count: number, title = "Sí") =>
  Array.from({ length: count }, (_, index) => ({ id: `c${index}`, title: `${title} ${index}` }));

it.each([
  ["no choice", 0, "text"],
  ["three choices", 3, "buttons"],
  ["four choices", 4, "list"],
  ["ten choices", 10, "list"],
  ["more than a list holds", 11, "text"],
])("with %s, %d, it is a %s", (_, count, type) => {
  expect(composeReply({ text: "¿Cuándo?", choices: choices(count) }).map((content) => content.type)).toEqual([
    type,
  ]);
});

it("choices whose titles don't fit are left to the text", () => {
  expect(composeReply({ text: "¿Cuándo?", choices: choices(2, "x".repeat(30)) })[0]?.type).toBe("text");
});

it("a long answer is as few messages as WhatsApp allows, the choices at its end", () => {
  const contents = composeReply({
    text: `${"palabra ".repeat(600)}\n\n¿Aviso a alguien?`,
    choices: choices(2),
  });
  expect(contents.map(({ type }) => type)).toEqual(["text", "buttons"]);
});

it("below a text too long for choices, its last paragraph asks for them", () => {
  const contents = composeReply({ text: `${"palabra ".repeat(200)}\n\n¿Cuándo?`, choices: choices(3) });
  expect(contents).toMatchObject([{ type: "text" }, { type: "buttons", text: "¿Cuándo?" }]);
});
