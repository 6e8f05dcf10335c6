import { describe, expect, it } from "vitest";
import { hostOf, linksIn, withoutGluedSentences } from "./links.ts";

describe("a link", () => {
  it.each([
    ["https://cafehilo.example/menu.", "cafehilo.example/menu"],
    ["HTTP://WWW.cafehilo.example/menu/", "cafehilo.example/menu"],
    ["[Menu](https://cafehilo.example/menu) or", "cafehilo.example/menu"],
    ["*https://cafehilo.example*", "cafehilo.example"],
    ["wa.me/34600000000", "wa.me/34600000000"],
    ["https://wa.me/34600000000?text=hola", "wa.me/34600000000?text=hola"],
    ["Escribe a HOLA@cafehilo.example, o", "hola@cafehilo.example"],
    ["mailto:hola@cafehilo.example", "hola@cafehilo.example"],
    ["juan.me@cafehilo.example", "juan.me@cafehilo.example"],
    ["https://a.example/?to=b.com", "a.example/?to=b.com"],
    ["https://a.example@evil.com/x", "evil.com/x"],
    ["https://evil.com\\@a.example/x", "evil.com\\@a.example/x"],
    ["www.evil.org:8443/x!", "evil.org:8443/x"],
    ["http://169.254.169.254/latest", "169.254.169.254/latest"],
    ["10.0.0.1/x", "10.0.0.1/x"],
    ["whatsapp://send?phone=1", "send?phone=1"],
    ["evil.news", "evil.news"],
    ["evi\u200bl.com", "evil.com"],
    ["evil。com", "evil.com"],
    ["ｅｖｉｌ．ｃｏｍ", "evil.com"],
    ["пример.com", "пример.com"],
  ])("in %j is %s", (text, link) => {
    expect(linksIn(text)).toEqual([link]);
  });

  it.each([
    "Abrimos a las 8.30h, p.ej. los lunes. Son 2.50€.",
    "Son 12.50 € p.p., a.m. o p.m.; S.L. y S.A. En EE.UU. no.",
    "Claro.Te espero",
    "1.234.567",
  ])("is nowhere in %j", (text) => {
    expect(linksIn(text)).toEqual([]);
  });

  it("is found wherever it stands", () => {
    expect(linksIn("a https://one.example/x, b two.com; c@three.org")).toEqual([
      "one.example/x",
      "c@three.org",
      "two.com",
    ]);
  });

  it.each([
    ["a.example:8443/x", "a.example"],
    ["hola@a.example", "a.example"],
    ["evil.com\\@a.example/x", "evil.com"],
    ["a.example./x", "a.example"],
    ["a.example?x", "a.example"],
  ])("%s leads to %s", (link, host) => {
    expect(hostOf(link)).toBe(host);
  });
});

describe("a missing space", () => {
  it.each([
    ["No hay enlace aquí.Ni aquí.", "No hay enlace aquí. Ni aquí."],
    ["We open at 8.No breakfast", "We open at 8. No breakfast"],
    ["Cierra a las 20.30.No abrimos", "Cierra a las 20.30. No abrimos"],
    ["Go to evil.Com", "Go to evil. Com"],
  ])("makes no link of two sentences: %j", (text, said) => {
    expect(withoutGluedSentences(text)).toBe(said);
    expect(linksIn(said)).toEqual([]);
  });

  it.each([
    "https://evil.Com",
    "www.evil.Com",
    "evil.Com/x",
    "x@evil.Com",
    "evil.com",
    "EE.UU.",
    "S.A. y Claro.Te espero",
  ])("is none in %j", (text) => {
    expect(withoutGluedSentences(text)).toBe(text);
  });
});
