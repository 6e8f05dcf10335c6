import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sign, verifySignature, verifyToken } from "./signature.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const SECRET = "an app secret of ours";
const BODY = bytes(String.raw`{"text":{"body":"Se\u00f1or, \ud83d\ude00 https:\/\/example.org"}}`);

describe("verifySignature", () => {
  test("accepts what was signed with the secret", () => {
    expect(verifySignature(BODY, sign(BODY, SECRET), [SECRET])).toBe(true);
  });

  test("knows a signature that was made elsewhere", () => {
    // printf '{"a":"\\u00e9"}' | openssl dgst -sha256 -hmac key
    const header = "sha256=c43ce685c09e8cf55e5a7743fa064477f77a5cef329fd775b5b1d6b63c9b0e05";
    expect(verifySignature(bytes(String.raw`{"a":"\u00e9"}`), header, ["key"])).toBe(true);
  });

  test("F32: the body signed is the escaped one, not the same text decoded or written anew", () => {
    const escaped = bytes(String.raw`{"body":"\u307f\u3069\u308a"}`);
    const header = sign(escaped, SECRET);
    expect(verifySignature(escaped, header, [SECRET])).toBe(true);
    expect(verifySignature(bytes('{"body":"みどり"}'), header, [SECRET])).toBe(false);
    expect(verifySignature(bytes(JSON.stringify({ body: "みどり" })), header, [SECRET])).toBe(false);
  });

  test("F31: bytes that are no UTF-8 are signed as they are", () => {
    const body = new Uint8Array([0x22, 0xff, 0xfe, 0x22]);
    expect(verifySignature(body, sign(body, SECRET), [SECRET])).toBe(true);
    expect(verifySignature(bytes(new TextDecoder().decode(body)), sign(body, SECRET), [SECRET])).toBe(false);
  });

  test.each([
    ["missing", undefined],
    ["empty", ""],
    ["only the prefix", "sha256="],
  ])("F41: a signature that is %s is refused", (_, header) => {
    expect(verifySignature(BODY, header, [SECRET])).toBe(false);
  });

  test.each([
    ["too short", sign(BODY, SECRET).slice(0, -1)],
    ["too long", `${sign(BODY, SECRET)}0`],
    ["not hex", `sha256=${"zz".repeat(32)}`],
    ["of another length in bytes", `sha256=${"é".repeat(64)}`],
    ["in capitals", sign(BODY, SECRET).toUpperCase()],
    ["followed by a line break", `${sign(BODY, SECRET)}\n`],
    ["preceded by a space", ` ${sign(BODY, SECRET)}`],
    ["without its prefix", sign(BODY, SECRET).slice("sha256=".length)],
  ])("F42: a signature that is %s is refused, not thrown on", (_, header) => {
    expect(verifySignature(BODY, header, [SECRET])).toBe(false);
  });

  test.each(["sha1=", "sha512=", "SHA256="])("F43: %s is another algorithm", (prefix) => {
    expect(verifySignature(BODY, sign(BODY, SECRET).replace("sha256=", prefix), [SECRET])).toBe(false);
  });

  test("F45: either of two secrets will do, and no third", () => {
    const secrets = ["the new secret", "the old secret"];
    expect(verifySignature(BODY, sign(BODY, "the new secret"), secrets)).toBe(true);
    expect(verifySignature(BODY, sign(BODY, "the old secret"), secrets)).toBe(true);
    expect(verifySignature(BODY, sign(BODY, "another secret"), secrets)).toBe(false);
  });

  test.each([[[]], [[""]], [["", ""]]])("F41: without a secret (%j) nothing is genuine", (secrets) => {
    expect(verifySignature(BODY, sign(BODY, ""), secrets)).toBe(false);
  });

  test("one byte more, less or other, and it is forged", () => {
    const header = sign(BODY, SECRET);
    expect(verifySignature(BODY.slice(1), header, [SECRET])).toBe(false);
    expect(verifySignature(new Uint8Array([...BODY, 0x20]), header, [SECRET])).toBe(false);
    expect(verifySignature(BODY.with(5, 0x41), header, [SECRET])).toBe(false);
  });
});

describe("verifyToken", () => {
  test.each([
    ["the right token", "local-token", "local-token", true],
    ["another of the same length", "local-tokem", "local-token", false],
    ["a beginning", "local", "local-token", false],
    ["none", undefined, "local-token", false],
    ["nothing for nothing", "", "", false],
  ])("F46: %s", (_, given, expected, valid) => {
    expect(verifyToken(given, expected)).toBe(valid);
  });
});

type Vector = {
  name: string;
  app_secret: string;
  raw_body_as_meta_sends_it: string;
  raw_body_decoded?: string;
  header: string;
};
const VECTORS = "../shared/fixtures/whatsapp/signature/vectors.json";
const vectors = existsSync(VECTORS) ? (JSON.parse(readFileSync(VECTORS, "utf8")) as Vector[]) : [];

describe.skipIf(vectors.length === 0)("the gathered vectors", () => {
  test.each(vectors)("$name is genuine", ({ app_secret, raw_body_as_meta_sends_it, header }) => {
    expect(verifySignature(bytes(raw_body_as_meta_sends_it), header, [app_secret])).toBe(true);
    expect(sign(bytes(raw_body_as_meta_sends_it), app_secret)).toBe(header);
  });

  const decoded = vectors.filter(({ raw_body_decoded }) => raw_body_decoded !== undefined);
  test.each(decoded)("F32: $name is forged once decoded", ({ app_secret, raw_body_decoded = "", header }) => {
    expect(verifySignature(bytes(raw_body_decoded), header, [app_secret])).toBe(false);
  });
});
