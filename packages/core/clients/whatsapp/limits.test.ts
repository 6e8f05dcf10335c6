import { describe, expect, test } from "vitest";
import { OutboundContent } from "../../events/conversation.ts";
import { fits, fitsUpload, limits } from "./limits.ts";

const wide = (length: number) => "😀".repeat(length);
const times = <T>(count: number, item: (n: number) => T) => Array.from({ length: count }, (_, n) => item(n));
const button = (n: number, title = `Choice ${n}`) => ({ id: `b${n}`, title });
const row = (n: number) => ({ id: `r${n}`, title: "Same" });
const buttons = (buttons: object[], text = "Which?") => ({ type: "buttons", text, buttons });
const list = (rows: object[], rest: object = {}) => ({
  type: "list",
  text: "Which?",
  button: "Open",
  rows,
  ...rest,
});
const media = (type: string, rest: object = {}) => ({ type, mediaId: "1", ...rest });

const boundary = (what: string, max: number, contentOf: (length: number) => object, reason: string) =>
  [
    [`${what} of ${max}`, contentOf(max), undefined],
    [`${what} of ${max + 1}`, contentOf(max + 1), reason],
  ] satisfies [string, object, string | undefined][];

describe("what WhatsApp takes, counted in code points:", () => {
  test.each([
    ...boundary("a text", 4_096, (n) => ({ type: "text", text: wide(n) }), "text-too-long"),
    ...boundary("a text with buttons", 1_024, (n) => buttons([button(1)], wide(n)), "text-too-long"),
    ...boundary("buttons,", 3, (n) => buttons(times(n, button)), "too-many-buttons"),
    ...boundary("a button's title", 20, (n) => buttons([button(1, wide(n))]), "button-title-too-long"),
    ...boundary("a button's id", 256, (n) => buttons([{ id: wide(n), title: "a" }]), "button-id-too-long"),
    ["no buttons", buttons([]), "no-buttons"],
    ["two buttons of one id", buttons([button(1), button(1, "Other")]), "button-id-repeated"],
    ["two buttons of one title", buttons([button(1, "Yes"), button(2, "Yes")]), "button-title-repeated"],
    ...boundary("a text with a list", 1_024, (n) => list([row(1)], { text: wide(n) }), "text-too-long"),
    ...boundary("what opens a list", 20, (n) => list([row(1)], { button: wide(n) }), "list-button-too-long"),
    ...boundary("rows,", 10, (n) => list(times(n, row)), "too-many-rows"),
    ...boundary("a row's title", 24, (n) => list([{ id: "1", title: wide(n) }]), "row-title-too-long"),
    ...boundary("a row's id", 200, (n) => list([{ id: wide(n), title: "a" }]), "row-id-too-long"),
    ...boundary(
      "a description",
      72,
      (n) => list([{ ...row(1), description: wide(n) }]),
      "row-description-too-long",
    ),
    ["no rows", list([]), "no-rows"],
    ["two rows of one id", list([row(1), row(1)]), "row-id-repeated"],
    ...["image", "video", "document"].flatMap((type) => [
      [`${type} without a caption`, media(type), undefined] as const,
      ...boundary(
        `a caption of ${type},`,
        1_024,
        (n) => media(type, { caption: wide(n) }),
        "caption-too-long",
      ),
    ]),
    ["a voice", media("audio"), undefined],
    ["a voice with a caption", media("audio", { caption: "hear" }), "caption-not-possible"],
    ["a template", { type: "template", name: "hi", language: "es", parameters: ["Ana"] }, undefined],
  ] as const)("%s", (_, content, reason) => {
    expect(fits(OutboundContent.parse(content))).toBe(reason);
  });
});

describe("what WhatsApp takes as a file:", () => {
  test.each([
    ["image/png", limits.fileBytes.image],
    ["IMAGE/JPEG", 5 * 1024 * 1024],
    ["audio/ogg; codecs=opus", 16 * 1024 * 1024],
    ["video/mp4", 16 * 1024 * 1024],
    ["application/pdf", 100 * 1024 * 1024],
    ["", 100 * 1024 * 1024],
  ])("%j up to %i bytes", (mimeType, max) => {
    expect(fitsUpload(mimeType, max)).toBeUndefined();
    expect(fitsUpload(mimeType, max + 1)).toBe("file-too-large");
  });

  test("never an empty one", () => {
    expect(fitsUpload("image/png", 0)).toBe("file-empty");
  });
});
