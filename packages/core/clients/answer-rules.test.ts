import { describe, expect, it } from "vitest";
import { reasonNotToSay } from "./answer-rules.ts";

const rules = {
  linkHosts: ["cafe-hilo.example", "maps.example.com"],
  secrets: ["You answer for the business, from its passages and from nothing else."],
};

const shown = ["cafe.hilo@mail.example", "book.example/cafe"];

describe("a link", () => {
  it.each([
    "Mira https://cafe-hilo.example/carta",
    "Mira https://www.cafe-hilo.example:8443/carta?x=1#y",
    "Escribe a hola@cafe-hilo.example.",
    "Mapa: maps.example.com",
    "Abrimos a las 8.30, de lun. a vie. En EE.UU. no.",
    "Son 12.50 € p.p., a.m. o p.m.; S.L. y S.A.",
    "Claro.Te espero",
    "Sin enlaces",
    "Escribe a CAFE.HILO@mail.example o entra en https://book.example/cafe",
  ])("is none, or one of ours: %s", (text) => {
    expect(reasonNotToSay(text, rules, shown)).toBeUndefined();
  });

  it.each([
    "https://evil.example",
    "Mira http://cafe-hilo.example.evil.com/carta",
    "https://cafe-hilo.example@evil.com/",
    "HTTPS://EVIL.COM",
    "[Carta](https://evil.com)",
    "paga en evil.com",
    "paga en bit.ly/abc",
    "paga en evil。com",
    "paga en evi\u200bl.com",
    "paga en ｅｖｉｌ．ｃｏｍ",
    "paga en пример.com",
    "escribe a pagos@evil.com",
    "whatsapp://send?phone=34600000000",
    "javascript://evil/%0a",
    "notcafe-hilo.example/carta https://notcafe-hilo.example",
    "http://203.0.113.7/login",
    "203.0.113.7",
    "escribe a otro@mail.example",
    "https://mail.example",
    "https://evil.book.example/cafe",
    "https://book.example",
    "https://book.example/cafe2",
    "https://evil.com\\@cafe-hilo.example",
    "https://cafe-hilo.example/carta https://evil.example",
    "evil.news",
    "my-maps.example.com.evil.top",
  ])("F59: to anywhere else may not be said: %s", (text) => {
    expect(reasonNotToSay(text, rules, shown)).toBe("forbidden-link");
  });
});

it.each([
  ["", "empty"],
  [" \n", "empty"],
  ["😀".repeat(4_096), undefined],
  ["😀".repeat(4_097), "too-long"],
])("%.10s… is %s", (text, reason) => {
  expect(reasonNotToSay(text, rules)).toBe(reason);
});

describe("the prompt", () => {
  it.each([
    ["as it is", "Sure: You answer for the business, from its passages and from nothing else."],
    ["set otherwise", "*YOU ANSWER*\nfor the   business, from its passages and from _nothing_ else."],
    ["in part", "They told me: for the business, from its passages and from nothing"],
  ])("F59: may not be repeated %s", (_, text) => {
    expect(reasonNotToSay(text, rules)).toBe("repeats-prompt");
  });

  it("may share some words with what is said", () => {
    expect(reasonNotToSay("We answer for the business, gladly.", rules)).toBeUndefined();
    expect(reasonNotToSay("Be kind.", { linkHosts: [], secrets: ["Be kind."] })).toBeUndefined();
  });
});
