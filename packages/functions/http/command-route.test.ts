/** The commands of the API, as those who call it see them. */
import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "#core/events/conversation.ts";
import { stream } from "#core/testing/given.ts";
import { received, sendRequested, sendStarted, started, tookOver } from "#core/testing/samples.ts";
import { apiKey, queryHilo, type QueryHilo } from "../testing/query-hilo.ts";
import { Problem } from "./http.ts";

const parked: ConversationEvent[] = [
  started(),
  received("m1"),
  sendRequested("s1"),
  sendStarted("s1"),
  { type: "SendUncertain", data: { sendId: "s1", reason: "timeout" } },
  { type: "SendParked", data: { sendId: "s1" } },
];

const conversation = `/conversations/${stream}`;
const resolution = `${conversation}/sends/s1/resolution`;
const resend = { how: "resend", by: "ana" };
const erased: ConversationEvent = { type: "ContactErased", data: {} };
const moved: ConversationEvent = { type: "ConversationMoved", data: { to: "another" } };

const hiloWith = async (...events: ConversationEvent[]): Promise<QueryHilo> => {
  const hilo = queryHilo();
  if (events.length > 0) await hilo.record(stream, ...events);
  return hilo;
};

const eventsFrom = async ({ store }: QueryHilo, from: number) => {
  const all = [];
  for await (const page of store.read(stream, { from })) all.push(...page);
  return all.map(({ type, data }) => ({ type, data }));
};

describe("a parked send", () => {
  it("is sent again as an intent of its own, by the agent", async () => {
    const hilo = await hiloWith(...parked);
    const { status, body } = await hilo.post(resolution, resend);
    expect([status, body]).toEqual([200, { version: 8, state: "bot" }]);
    const resentAs = expect.any(String) as string;
    expect(await eventsFrom(hilo, 7)).toEqual([
      { type: "SendResolved", data: { sendId: "s1", by: "ana", resentAs } },
      {
        type: "SendRequested",
        data: {
          sendId: resentAs,
          origin: "agent",
          content: { type: "text", text: "A las 8:00." },
          insteadOf: "s1",
        },
      },
    ]);
  });

  it("is dropped, and nothing follows", async () => {
    const hilo = await hiloWith(...parked);
    expect(await hilo.post(resolution, { how: "drop", by: "ana" })).toMatchObject({
      status: 200,
      body: { version: 7 },
    });
    expect(await eventsFrom(hilo, 7)).toEqual([{ type: "SendResolved", data: { sendId: "s1", by: "ana" } }]);
  });

  it("is decided about once, whoever is second", async () => {
    const hilo = await hiloWith(...parked);
    const answers = await Promise.all([
      hilo.post(resolution, resend),
      hilo.post(resolution, { how: "drop", by: "bea" }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    expect(await hilo.post(resolution, resend)).toMatchObject({ status: 409, problem: "send-not-parked" });
    expect((await eventsFrom(hilo, 7)).filter(({ type }) => type === "SendResolved")).toHaveLength(1);
  });

  it.each(["s2", "constructor", "__proto__", "%00", "x".repeat(2_000)])(
    "is not found under another id: %s",
    async (sendId) => {
      const { status, problem } = await (
        await hiloWith(...parked)
      ).post(`${conversation}/sends/${sendId}/resolution`, resend);
      expect([status, problem]).toEqual([404, "no-such-send"]);
    },
  );

  it("that is still under way waits for no person", async () => {
    const hilo = await hiloWith(...parked.slice(0, -1));
    expect(await hilo.post(resolution, resend)).toMatchObject({ status: 409, problem: "send-not-parked" });
    expect(await eventsFrom(hilo, 6)).toEqual([]);
  });
});

describe("a conversation", () => {
  it("is taken over and given back, each once however often it is asked for", async () => {
    const hilo = await hiloWith(started());
    const ask = async (what: string) => {
      const { status, body } = await hilo.post(`${conversation}/${what}`, { by: "ana" });
      return [status, body];
    };
    expect(await ask("resume")).toEqual([200, { version: 1, state: "bot" }]);
    expect(await ask("take-over")).toEqual([200, { version: 2, state: "human" }]);
    expect(await ask("take-over")).toEqual([200, { version: 2, state: "human" }]);
    expect(await ask("resume")).toEqual([200, { version: 3, state: "bot" }]);
    expect(await ask("resume")).toEqual([200, { version: 3, state: "bot" }]);
    expect(await eventsFrom(hilo, 2)).toEqual([
      { type: "HumanTookOver", data: { from: "agent-desk", by: "ana" } },
      { type: "BotResumed", data: { by: "ana" } },
    ]);
  });

  it("that waits for a person says so", async () => {
    const waiting = await hiloWith(...parked, { type: "HumanRequested", data: {} });
    expect((await waiting.post(resolution, resend)).body).toMatchObject({ state: "needs-human" });
  });

  it.each(["take-over", "resume"])("that has moved is held elsewhere: %s", async (what) => {
    const hilo = await hiloWith(started(), tookOver(), moved);
    const { status, problem } = await hilo.post(`${conversation}/${what}`, { by: "ana" });
    expect([status, problem]).toEqual([409, "conversation-moved"]);
    expect(await eventsFrom(hilo, 4)).toEqual([]);
  });
});

const commands: [string, object][] = [
  [resolution, resend],
  [`${conversation}/take-over`, { by: "ana" }],
  [`${conversation}/resume`, { by: "ana" }],
];

describe.each(commands)("POST %s", (path, body) => {
  it.each<[string, ConversationEvent[]]>([
    ["never was", []],
    ["is of an erased person", [...parked, erased]],
  ])("does not know a conversation that %s", async (_, events) => {
    const hilo = await hiloWith(...events);
    expect(await hilo.post(path, body)).toMatchObject({ status: 404, problem: "unknown-conversation" });
    expect(await eventsFrom(hilo, events.length + 1)).toEqual([]);
  });

  it("does not know what is no conversation", async () => {
    const hilo = queryHilo();
    expect(await hilo.post(path.replace(stream, "x"), body)).toMatchObject({
      problem: "unknown-conversation",
    });
  });

  it.each(["", "Bearer x", `Basic ${apiKey}`])("wants a key: %j", async (authorization) => {
    const hilo = await hiloWith(...parked);
    const headers = { authorization, "content-type": "application/json" };
    const { status } = await hilo.app.request(path, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    expect([status, await eventsFrom(hilo, 7)]).toEqual([401, []]);
  });

  it("is a POST", async () => {
    const { status, headers } = await queryHilo().get(path);
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each(["x", "a".repeat(64), "Ana.B_c-1@desk"])("takes an operator named %s", async (by) => {
    expect((await (await hiloWith(...parked)).post(path, { ...body, by })).status).toBe(200);
  });

  it.each<[string, unknown, string[]]>([
    ["no operator", { by: undefined }, ["/by"]],
    ["an empty one", { by: "" }, ["/by"]],
    ["too long a one", { by: "a".repeat(65) }, ["/by"]],
    ["one that is none", { by: "secret\n" }, ["/by"]],
    ["one that is a number", { by: 7 }, ["/by"]],
    ["something unknown", { secret: 1 }, [""]],
  ])("refuses %s, and says where", async (_, change, pointers) => {
    const hilo = await hiloWith(...parked);
    const answer = await hilo.post(path, Object.assign({}, body, change));
    expect([answer.status, answer.problem]).toEqual([400, "invalid-request"]);
    expect(Problem.parse(answer.body).errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(JSON.stringify(answer.body)).not.toContain("secret");
    expect(await eventsFrom(hilo, 7)).toEqual([]);
  });

  it.each(["", "{", "[]", "null", '"secret"'])("refuses a body that is no object: %s", async (text) => {
    const hilo = await hiloWith(...parked);
    const answer = await hilo.post(path, text);
    expect([answer.status, answer.problem]).toEqual([400, "invalid-request"]);
    expect(Problem.parse(answer.body).errors?.[0]?.pointer).toBe("");
    expect(hilo.logged).toEqual([]);
  });

  it.each([
    [16_384, 200],
    [16_385, 413],
  ])("answers a body of %d bytes with %d", async (bytes, status) => {
    const text = JSON.stringify(body);
    const hilo = await hiloWith(...parked);
    expect((await hilo.post(path, text + " ".repeat(bytes - text.length))).status).toBe(status);
  });
});

it("refuses a way to resolve that there is not", async () => {
  const { body } = await (await hiloWith(...parked)).post(resolution, { how: "secret", by: "ana" });
  expect(Problem.parse(body).errors).toEqual([
    { pointer: "/how", detail: 'Invalid option: expected one of "resend"|"drop"' },
  ]);
});
