import { describe, expect, it } from "vitest";
import * as z from "zod";
import { describeError, jsonLog, settingFault, type LogFields } from "./log.ts";

const linesOf = (write: (log: ReturnType<typeof jsonLog>) => void): string[] => {
  const lines: string[] = [];
  write(
    jsonLog(
      (line) => lines.push(line),
      () => new Date("2026-11-23T12:00:00.000Z"),
    ),
  );
  return lines;
};

describe("a log entry", () => {
  it("is one line of JSON with when, how bad, what and the fields", () => {
    const lines = linesOf((log) => {
      log("info", "started");
      log("error", "event failed", { queue: "send-message", count: 2 });
    });
    expect(lines).toEqual([
      '{"at":"2026-11-23T12:00:00.000Z","level":"info","message":"started"}\n',
      '{"at":"2026-11-23T12:00:00.000Z","level":"error","message":"event failed","queue":"send-message","count":2}\n',
    ]);
  });

  it("F54: stays one line, and sends no escape sequence to a terminal, whatever is in it", () => {
    const [line = ""] = linesOf((log) => log("warn", "refused", { reason: "\u001B[2J\r\n{\u0007\u2028" }));
    expect(
      line
        .slice(0, -1)
        .split("")
        .filter((character) => character < " "),
    ).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({ reason: "\u001B[2J\r\n{\u0007\u2028" });
  });
});

describe("a described error", () => {
  const thrown = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return describeError(error);
    }
    throw new Error("nothing was thrown");
  };

  it("says its kind and where it arose, by file, line and column", () => {
    expect(thrown(() => Buffer.alloc(-1))).toMatch(/^RangeError at \S+$/);
    expect(describeError(new TypeError("x"))).toMatch(/^TypeError at log\.test\.ts:\d+:\d+$/);
  });

  const secret = "34600000001";
  class Named extends Error {
    override name = "Named";
  }

  it.each<[string, () => unknown]>([
    [
      "of ours",
      () => {
        throw new Named(`${secret} is not ours`);
      },
    ],
    [
      "of several lines, some like a stack's",
      () => {
        throw new Error(`x\n    at ${secret}\n${secret}`);
      },
    ],
    ["of a parser", (): unknown => JSON.parse(`{"phone": ${secret}oops}`)],
    ["of a schema", () => z.object({ phone: z.literal("no") }).parse({ phone: secret, [secret]: 1 })],
    [
      "with a cause",
      () => {
        throw new Error("outer", { cause: new Error(secret) });
      },
    ],
    [
      "that is only text",
      () => {
        throw secret as unknown as Error;
      },
    ],
  ])("F55: %s has nothing of its message", (_, work) => {
    expect(thrown(work)).not.toContain(secret);
  });

  it("says what it can of an error without a stack, and of what is no error", () => {
    const bare = new Named("x");
    delete bare.stack;
    expect(describeError(bare)).toBe("Named");
    expect([describeError("text"), describeError(undefined), describeError({})]).toEqual([
      "string",
      "undefined",
      "object",
    ]);
  });
});

it("takes ids, counts and reasons, and no other field", () => {
  const allowed: LogFields = { stream: "s", event: "e", queue: "q", reason: "r", error: "e", incident: "i" };
  // @ts-expect-error -- a person's words are no field of the log
  const personal: LogFields = { ...allowed, text: "hola" };
  expect(Object.keys(personal)).toContain("text");
});

it.each([
  [Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:6379"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [Object.assign(new Error("x"), { code: "Lucía, 34600000001" }), "no answer"],
  ["34600000001", "no answer"],
])("a setting is named with the system's code and nothing else: %s", (fault, code) => {
  expect(settingFault("HILO_CACHE_URL", fault)).toMatchObject({ reason: `HILO_CACHE_URL: ${code}` });
  expect(JSON.stringify(settingFault("HILO_CACHE_URL", fault))).not.toMatch(/10\.0|Luc|346/);
});
