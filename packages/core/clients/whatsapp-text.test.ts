import { expect, test } from "vitest";
import { cutAtSentence, whatsappText } from "./whatsapp-text.ts";

test.each([
  ["**bold** and __bold__", "*bold* and *bold*"],
  ["*italic* and _italic_", "_italic_ and _italic_"],
  ["**bold** *italic* **bold**", "*bold* _italic_ *bold*"],
  ["~~struck~~", "~struck~"],
  ["# Heading", "*Heading*"],
  ["### A **bold** one", "*A bold one*"],
  ["- one\n* two\n+ three", "• one\n• two\n• three"],
  ["  - nested", "• nested"],
  ["1. first", "1. first"],
  ["[our page](https://cafehilo.example)", "our page (https://cafehilo.example)"],
  ['[our page](https://cafehilo.example "Title")', "our page (https://cafehilo.example)"],
  ["[https://cafehilo.example](https://cafehilo.example)", "https://cafehilo.example"],
  ["![a croissant](croissant.png)", "a croissant"],
  ["2 \\* 3", "2 * 3"],
  ["2 * 3 * 4", "2 * 3 * 4"],
  ["one<br>two", "one\ntwo"],
  ["---", ""],
  ["a\n\n\n\nb", "a\n\nb"],
  ["```\n**code** # kept\n```", "```\n**code** # kept\n```"],
])("%j becomes %j", (markdown, text) => {
  expect(whatsappText(markdown)).toBe(text);
});

test("a table becomes a line per row", () => {
  expect(whatsappText("| Drink | Price | Size |\n|---|:-:|---:|\n| **Tea** | €2 | big |")).toBe(
    "• Drink: Price, Size\n• *Tea*: €2, big",
  );
});

test("a text at the limit is left alone, one code point more is cut after a sentence", () => {
  expect(cutAtSentence("First one. Second.", 18)).toBe("First one. Second.");
  expect(cutAtSentence("First one. Second.", 17)).toBe("First one.");
});

test("without a sentence in its second half, a text is cut after a word", () => {
  expect(cutAtSentence("A. then many words follow", 20)).toBe("A. then many words…");
});

test("an emoji counts as one and is never halved", () => {
  expect(cutAtSentence("🥐🥐🥐🥐", 4)).toBe("🥐🥐🥐🥐");
  expect(cutAtSentence("🥐🥐🥐🥐", 3)).toBe("🥐🥐…");
});
