import { describe, expect, it } from "vitest";
import { withoutUnknownLinks } from "./links.ts";

const passages =
  "See our menu (https://cafehilo.example/menu) or write to hola@cafehilo.example. wa.me/34600000000";

describe("a link", () => {
  it.each([
    "The menu: https://cafehilo.example/menu.",
    "The menu: http://www.cafehilo.example/menu/",
    "Write to hola@cafehilo.example or https://wa.me/34600000000",
    "Abrimos a las 8.30h, p.ej. los lunes. Son 2.50€.",
  ])("that the passages have, or that is none, is kept: %j", (text) => {
    expect(withoutUnknownLinks(text, passages)).toBe(text);
  });

  it("at or below an allowed host is kept, and none that only looks like it", () => {
    const hosts = ["track.example"];
    const kept = "See https://track.example/17, eu.track.example/1 or mail help@track.example";
    expect(withoutUnknownLinks(kept.replace("eu.", "https://eu."), "", hosts)).toBe(
      kept.replace("eu.", "https://eu."),
    );
    const others =
      "https://nottrack.example https://track.example@evil.com x@evil.com https://track.example.evil.com ok";
    expect(withoutUnknownLinks(others, "", hosts)).toBe("ok");
  });

  it.each([
    ["Go to https://evil.example/x now.", "Go to now."],
    ["Go to https://cafehilo.example/menu2 now", "Go to now"],
    ["Go to https://cafehilo.example.evil.example/menu.", "Go to."],
    ["https://cafehilo.example@evil.example/menu", ""],
    ["Go to evil.com, or www.evil.org!", "Go to, or!"],
    ["Our menu (https://evil.example) is here", "Our menu is here"],
    ["Write to boss@evil.com", "Write to"],
    ["Ask ev\u200Bil.com", "Ask"],
    ["Visit http://169.254.169.254/latest and 10.0.0.1/x", "Visit and"],
    ["The shop: evil.shop/sale and evil.xyz", "The shop: and"],
    ["No hay enlace aquí.Ni aquí.", "No hay enlace aquí. Ni aquí."],
    ["Go to evil.Com or https://evil.Com", "Go to evil. Com or"],
    ["Two: https://evil.example https://evil.example", "Two:"],
  ])("that they don't have is left out: %j", (text, left) => {
    expect(withoutUnknownLinks(text, passages)).toBe(left);
  });
});
