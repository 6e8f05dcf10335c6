import { describe, expect, it } from "vitest";
import { withOwnLinks } from "./links.ts";

const passages =
  "See our menu (https://cafehilo.example/menu) or write to hola@cafehilo.example. wa.me/34600000000";

describe("a link", () => {
  it.each([
    "The menu: https://cafehilo.example/menu.",
    "The menu: http://www.cafehilo.example/menu/",
    "Write to hola@cafehilo.example or https://wa.me/34600000000",
    "Abrimos a las 8.30h, p.ej. los lunes. Son 2.50€.",
  ])("that the passages have, or that is none, is kept: %j", (text) => {
    expect(withOwnLinks(text, passages)).toBe(text);
  });

  it("at or below an allowed host is kept, and none that only looks like it", () => {
    const hosts = ["track.example"];
    const kept = "See https://track.example/17, eu.track.example/1 or mail help@track.example";
    expect(withOwnLinks(kept.replace("eu.", "https://eu."), "", hosts)).toBe(
      kept.replace("eu.", "https://eu."),
    );
    for (const other of [
      "https://nottrack.example",
      "https://track.example@evil.com",
      "x@evil.com",
      "https://track.example.evil.com",
    ])
      expect(withOwnLinks(`See ${other}, ok`, "", hosts)).toBeUndefined();
  });

  it.each([
    "Sure, go to https://evil.example/x and pay",
    "Go to https://cafehilo.example/menu2 now",
    "Go to https://cafehilo.example.evil.example/menu.",
    "https://cafehilo.example@evil.example/menu",
    "Go to evil.com!",
    "Go to www.evil.org!",
    "Our menu (https://evil.example) is here",
    "Write to boss@evil.com",
    "Ask ev\u200Bil.com",
    "Visit http://169.254.169.254/latest",
    "Visit 10.0.0.1/x",
    "The shop: evil.shop/sale",
    "Go to evil.Com or https://evil.Com",
    "The menu: https://cafehilo.example/menu. Not https://evil.example",
  ])("that they don't have leaves nothing to say: %j", (text) => {
    expect(withOwnLinks(text, passages)).toBeUndefined();
  });

  it.each([
    ["No hay enlace aquí.Ni aquí.", "No hay enlace aquí. Ni aquí."],
    ["Go to evil.Com", "Go to evil. Com"],
  ])("that is a missing space is none any more: %j", (text, said) => {
    expect(withOwnLinks(text, passages)).toBe(said);
  });
});
