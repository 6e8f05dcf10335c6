import { describe, expect, it } from "vitest";
import * as z from "zod";
import { cursors } from "./cursor.ts";

const Position = z.object({ before: z.int() });
const position = { before: 7 };
const query = ["list-messages", "conversation-1"];
const ours = cursors(Buffer.from("secret"));
const cursor = ours.write(query, position);
const [payload = "", signature = ""] = cursor.split(".");

describe("a cursor (F50)", () => {
  it("comes back as the position that it was", () => {
    expect(ours.read(query, cursor, Position)).toEqual(position);
  });

  it("fits into a URL as it is", () => {
    expect(ours.write(query, { text: "ñ?&=+/🙂" })).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  const other = Buffer.from(JSON.stringify({ before: 8 })).toString("base64url");
  it.each([
    ["empty", ""],
    ["nothing but a dot", "."],
    ["no signature", payload],
    ["an empty signature", `${payload}.`],
    ["another position", `${other}.${signature}`],
    ["another signature of the same length", `${payload}.${"A".repeat(signature.length)}`],
    ["a signature with more behind it", `${cursor}A`],
    ["a second signature", `${cursor}.${signature}`],
    ["a signature of many bytes and as many characters", `${payload}.${"ñ".repeat(signature.length)}`],
    ["not base64", "%%%.%%%"],
  ])("is refused when it is %s", (_, forged) => {
    expect(ours.read(query, forged, Position)).toBeUndefined();
  });

  it.each([
    [["list-messages", "conversation-2"]],
    [["list-events", "conversation-1"]],
    [["list-messages"]],
    [["list-messages,conversation-1"]],
  ])("is refused by another query: %j", (foreign) =>
    expect(ours.read(foreign, cursor, Position)).toBeUndefined(),
  );

  it("is refused under another secret", () => {
    expect(cursors(Buffer.from("Secret")).read(query, cursor, Position)).toBeUndefined();
  });

  it("is refused when its position is of an older form", () => {
    expect(ours.read(query, ours.write(query, { after: 7 }), Position)).toBeUndefined();
  });
});
