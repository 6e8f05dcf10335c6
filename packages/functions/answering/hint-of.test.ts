import { describe, expect, it } from "vitest";
import { canned, handOver, languageOf, offerPerson } from "./canned-replies.ts";
import { hasMedia, hintOf, shortWordsMax, showsMedia } from "./hint-of.ts";

const asked = (...texts: string[]) => ({
  turns: texts.map((text) => ({ from: "customer" as const, kind: "text", text })),
});

describe("a look at the text", () => {
  it.each([
    ["Hola, buenos días", "greeting"],
    ["Muchas gracias!", "greeting"],
    ["Hola, ¿a qué hora abrís?", "short-question"],
    ["Do you have gluten-free bread?", "short-question"],
    ["¿Abrís el lunes? ¿Y el martes?", "complex"],
    [Array(shortWordsMax).fill("palabra").join(" "), "short-question"],
    [
      Array(shortWordsMax + 1)
        .fill("palabra")
        .join(" "),
      "complex",
    ],
    ["I want a refund", "complaint"],
    ["Quiero poner una RECLAMACIÓN", "complaint"],
    ["Quiero que me devuelvan el dinero", "complaint"],
    ["Quero que devolvam o dinheiro", "complaint"],
    ["O serviço foi péssimo", "complaint"],
    ["Hola. Esto es inaceptable.", "complaint"],
  ])("tells of %j that it is a %s", (text, hint) => {
    expect(hintOf(asked(text))).toBe(hint);
  });

  it("is of all that waits, and of nothing before", () => {
    expect(hintOf(asked("Hola", "¿Abrís hoy?"))).toBe("short-question");
    const { turns } = asked("I want a refund");
    const replied = [...turns, { from: "business" as const, kind: "text", text: "Sorry" }];
    expect(hintOf({ turns: [...replied, ...asked("Thanks!").turns] })).toBe("greeting");
  });

  it("without words tells nothing", () => {
    expect(hintOf({ turns: [{ from: "customer", kind: "image" }] })).toBe("short-question");
  });

  it.each([
    ["text", [], false],
    ["image", [], true],
    ["audio", [], true],
    ["reaction", [], false],
    ["text", ["a receipt of 12 €"], true],
  ])("of a %s with findings %j is shown with media: %s", (kind, findings, media) => {
    expect(showsMedia({ turns: [{ from: "customer", kind }], findings })).toBe(media);
  });

  it("is no harder for a picture that was answered before", () => {
    const turns = [
      { from: "customer" as const, kind: "image" },
      { from: "business" as const, kind: "text", text: "Gracias." },
      { from: "customer" as const, kind: "text", text: "¿A qué hora abrís?" },
    ];
    const request = { turns, findings: ["image: a receipt of 12 €"] };
    expect(hasMedia({ turns: turns.slice(0, 1) })).toBe(true);
    expect(hasMedia(request)).toBe(false);
    expect(showsMedia(request), "it is still there to be read").toBe(true);
  });
});

describe("what is said without a model", () => {
  it.each(["en", "es", "pt"] as const)("is there in %s, and in no two languages the same", (language) => {
    const texts = [
      ...Object.values(canned[language]),
      offerPerson("spent", language, "x").text,
      handOver(language, "x").text,
    ];
    const others = Object.entries(canned).filter(([other]) => other !== language);
    expect(texts.every((text) => text.length > 10)).toBe(true);
    expect(others.flatMap(([, said]) => Object.values(said)).filter((text) => texts.includes(text))).toEqual(
      [],
    );
  });

  it.each([
    [asked("¿A qué hora abrís mañana?"), "es"],
    [asked("Do you have gluten-free bread today?"), "en"],
    [asked("Vocês têm pão sem glúten hoje?"), "pt"],
    [{ ...asked("ok"), language: "pt" }, "pt"],
  ])("is in the customer's language: %j is %s", async (request, language) => {
    expect(await languageOf(request)).toBe(language);
  });
});
