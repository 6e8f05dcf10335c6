import { describe, expect, it } from "vitest";
import { golden } from "../testing/golden.ts";
import { schemas, schemaVersion, UnknownEventVersion, upcast, type Upcasters } from "./catalogue.ts";
import { MessageContent } from "./content.ts";

describe("golden events", () => {
  it.each(golden)("$file still parses", (sample) => {
    expect(upcast(sample).type).toBe(sample.type);
  });

  it.each(golden.filter((sample) => sample.schemaVersion === schemaVersion(sample.type)))(
    "$file loses nothing",
    ({ type, data, ...sample }) => {
      expect(upcast({ ...sample, type, data })).toEqual({ type, data });
    },
  );

  it("there is one of every event at its newest version", () => {
    const missing = [...schemas.keys()].filter(
      (type) =>
        !golden.some((sample) => sample.type === type && sample.schemaVersion === schemaVersion(type)),
    );
    expect(missing).toEqual([]);
  });

  it("there is one of every kind of message", () => {
    const kinds = new Set(golden.map(({ data }) => MessageContent.safeParse(data["content"]).data?.type));
    const missing = MessageContent.options
      .map((option) => option.shape.type.value)
      .filter((kind) => !kinds.has(kind));
    expect(missing).toEqual([]);
  });
});

describe("upcasting", () => {
  const casts: Upcasters = {
    SendStarted: {
      1: (data) => ({ ...(data as object), attempt: 1 }),
      2: (data) => ({ ...(data as object), attempt: (data as { attempt: number }).attempt + 1 }),
    },
  };

  it("carries old data through every version to the newest", () => {
    expect(upcast({ type: "SendStarted", schemaVersion: 1, data: { sendId: "S" } }, casts)).toEqual({
      type: "SendStarted",
      data: { sendId: "S", attempt: 2 },
    });
    expect(schemaVersion("SendStarted", casts)).toBe(3);
  });

  it.each([
    [
      "a newer version of a known event",
      { type: "SendStarted", schemaVersion: 2, data: { sendId: "S", attempt: 1 } },
    ],
    ["an event of a type that is not known", { type: "SendTeleported", schemaVersion: 1, data: {} }],
  ])("F17: refuses %s", (_, stored) => {
    expect(() => upcast(stored)).toThrow(UnknownEventVersion);
  });

  it("refuses corrupt data", () => {
    expect(() => upcast({ type: "SendStarted", schemaVersion: 1, data: { sendId: 5 } })).toThrow(/sendId/);
  });
});
