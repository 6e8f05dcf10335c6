import { describe, expect, it } from "vitest";
import * as z from "zod";
import { KnowledgeFault, ModelFault } from "#core/clients/model.ts";
import { answerMsMax, hopsToComeMs, silenceMsMax } from "#core/domain/reply-time.ts";
import type { EventOf, ConversationEvent } from "#core/events/conversation.ts";
import { handOverTool } from "#functions/tools/hand-over.ts";
import { refundTool } from "#functions/tools/refund.ts";
import { tool } from "#functions/tools/tool.ts";
import { paid, saying, told } from "#functions/testing/told-models.ts";
import { echo, message, webhook } from "#functions/testing/webhooks.ts";
import { offered, startOfTest as now, world, type World } from "#functions/testing/world.ts";
import { generateReply } from "./generate-reply.ts";

const lucia = { phone: "34600000001" };
const text = (body: string) => ({ type: "text", text: { body } });

const asked = async (w: World, body?: object): Promise<string> => {
  await w.post(webhook(message(lucia, "wamid.1", now, body)));
  return (await w.streams())[0] ?? "";
};

/** Of the last event of a type, its data. */
const last = async <Type extends ConversationEvent["type"]>(w: World, stream: string, type: Type) =>
  (await w.events(stream)).findLast((event) => event.type === type)?.data as EventOf<Type>["data"];

const since = async (w: World, stream: string) => (await w.types(stream)).slice(3);
const said = async (w: World, stream: string) => (await last(w, stream, "SendRequested")).content;

describe("the chain of models", () => {
  it.each<ModelFault["kind"]>(["throttled", "timeout", "unavailable", "invalid"])(
    "goes on when one is %s, and tells",
    async (kind) => {
      const w = world();
      const second = told(saying("A las 8:00.", { use: paid(0.002) }));
      w.deps.models = [offered("first", told(kind)), offered("second", second, { costUsd: 0.01 })];
      const stream = await asked(w);
      expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
      expect(await last(w, stream, "ReplyGenerated")).toMatchObject({
        model: { id: "told" },
        choice: { reason: "short-question", passedOver: [{ id: "first", reason: kind }] },
        use: paid(0.002),
      });
    },
  );

  it.each(["malformed", "truncated", "too-long"] as const)(
    "goes on when an answer is %s, and counts what it cost",
    async (declined) => {
      const w = world();
      const first = told({ declined, use: paid(0.001) });
      const second = told(saying("A las 8:00.", { use: paid(0.002) }));
      w.deps.models = [offered("first", first), offered("second", second, { costUsd: 0.01 })];
      const stream = await asked(w);
      await w.deliver(generateReply(w.deps), stream, 3);
      const { choice, use } = await last(w, stream, "ReplyGenerated");
      expect(choice?.passedOver).toEqual([{ id: "first", reason: declined }]);
      expect(use).toMatchObject({ costUsd: 0.003, inputTokens: 2_000, durationMs: 1_600 });
    },
  );

  it("counts what was paid for before a model failed", async () => {
    const w = world();
    const first = told(async () => {
      throw new ModelFault("timeout", "later", "between two calls", { use: paid(0.001) });
    });
    const second = told(saying("A las 8:00.", { use: paid(0.002) }));
    w.deps.models = [offered("first", first), offered("second", second, { costUsd: 0.01 })];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect((await last(w, stream, "ReplyGenerated")).use).toMatchObject({ costUsd: 0.003 });
  });

  it.each([
    ["https://book.example/cafe", ["book.example/cafe"], "Reserva en https://book.example/cafe"],
    ["https://book.example/otro", ["book.example/cafe"], undefined],
    ["https://book.example/cafe", undefined, undefined],
  ])("may link to %s where it was shown %j", async (link, links, text) => {
    const w = world();
    const model = told(saying(`Reserva en ${link}`, { ...(links && { links }), use: paid(0.001) }));
    w.deps.models = [offered("first", model)];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    const { choice, use } = await last(w, stream, "ReplyGenerated");
    expect(choice?.passedOver).toEqual(text ? [] : [{ id: "told", reason: "forbidden-link" }]);
    expect(use).toMatchObject({ costUsd: 0.001 });
    expect(await said(w, stream)).toMatchObject(
      text ? { text } : { text: "Con eso no te puedo ayudar por aquí. ¿Aviso a alguien del equipo?" },
    );
  });

  it.each(["refused", "guardrail"] as const)(
    "ends when an answer is %s: no other is talked into it, and a person is offered in the customer's language",
    async (declined) => {
      const w = world();
      const second = told(saying("Claro que sí."));
      w.deps.models = [offered("first", told({ declined })), offered("second", second, { costUsd: 0.01 })];
      const stream = await asked(w);
      await w.deliver(generateReply(w.deps), stream, 3);
      expect(second.asked).toEqual([]);
      expect(await said(w, stream)).toMatchObject({
        type: "buttons",
        text: "Con eso no te puedo ayudar por aquí. ¿Aviso a alguien del equipo?",
      });
      expect(await last(w, stream, "ReplyGenerated")).toMatchObject({
        intent: "offer-human",
        model: { id: "canned", parameters: { because: declined } },
        choice: { passedOver: [{ id: "first", reason: declined }] },
      });
    },
  );

  it("leaves out a model whose circuit is open, without asking it", async () => {
    const w = world();
    const first = told("unavailable");
    w.deps.models = [offered("first", first), offered("second", told(saying("Sí.")), { costUsd: 0.01 })];
    const handler = generateReply(w.deps);
    const stream = await asked(w);
    for (let nth = 1; nth <= 6; nth++) {
      await w.deliver(handler, stream, (await w.events(stream)).findLast(isMessage)?.version ?? 0);
      await w.post(webhook(message(lucia, `wamid.again${nth}`, now)));
    }
    expect(first.asked).toHaveLength(5);
    expect((await last(w, stream, "ReplyGenerated")).choice).toEqual({
      reason: "short-question",
      passedOver: [{ id: "first", reason: "circuit-open" }],
    });
  });

  it("ends with the last resort, when no other is left", async () => {
    const w = world();
    const resort = offered("offline", told(saying("Según la carta…")), { lastResort: true });
    w.deps.models = [offered("first", told("unavailable")), resort];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(await said(w, stream)).toMatchObject({ text: "Según la carta…" });
  });

  const passages = saying("Según la carta…", { model: { id: "offline", source: "offline", parameters: {} } });
  it.each([
    ["1 when it is down", told("unavailable"), {}, 1],
    ["1 when its answers are of no use", told({ declined: "malformed" }), {}, 1],
    ["0 when it answers", told(saying("A las 8:00.")), {}, 0],
    ["0 when it won't answer", told({ declined: "refused" }), {}, 0],
    ["0 when it costs too much", told(saying("A las 8:00.")), { costUsd: 1_000 }, 0],
  ] as const)("counts answers without a model: %s", async (_, model, more, withoutModel) => {
    const w = world();
    w.deps.models = [
      offered("first", model, more),
      offered("offline", told(passages), { lastResort: true, costUsd: 0 }),
    ];
    await w.deliver(generateReply(w.deps), await asked(w), 3);
    const lines = w.logged.map((text) => z.looseObject({}).parse(JSON.parse(text)));
    expect(lines.find(({ message }) => message === "reply generated")).toMatchObject({ withoutModel });
  });

  it("gives the claim back when none is left, and comes again", async () => {
    const w = world();
    w.deps.models = [offered("first", told("throttled"))];
    const stream = await asked(w);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(false);
    expect(await since(w, stream)).toEqual(["ReplyStarted", "ReplyWithheld"]);
    expect(w.again).toMatchObject([{ delayMs: 2_000 }]);
    w.deps.models = [offered("first", told(saying("A las 8:00.")))];
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
    expect((await since(w, stream)).slice(2)).toEqual(["ReplyStarted", "ReplyGenerated", "SendRequested"]);
  });

  it("fails, for somebody to see, when what is wrong is ours", async () => {
    const w = world();
    w.deps.models = [offered("first", told("invalid"))];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(w.again).toEqual([]);
    expect(w.logged.join()).toContain("event failed");
  });

  it("gives each model its time, and no more than is left of all", async () => {
    const w = world();
    const first = told(async () => {
      w.pass(18_000);
      return { declined: "malformed" };
    });
    const second = told(saying("Sí."));
    w.deps.models = [offered("first", first), offered("second", second, { costUsd: 0.01 })];
    await w.deliver(generateReply(w.deps), await asked(w), 3);
    expect(first.asked[0]?.timeoutMs).toBe(3_000);
    expect(second.asked[0]?.timeoutMs).toBe(answerMsMax - 18_000);
  });

  it("tries none when no time is left", async () => {
    const w = world();
    const first = told(async () => {
      w.pass(answerMsMax);
      return { declined: "malformed" };
    });
    const second = told(saying("Sí."));
    w.deps.models = [offered("first", first), offered("second", second, { costUsd: 0.01 })];
    expect(await w.deliver(generateReply(w.deps), await asked(w), 3)).toBe(false);
    expect(second.asked).toEqual([]);
  });
});

const isMessage = ({ type }: { type: string }): boolean => type === "MessageReceived";

describe("an answer that takes long", () => {
  const silentMs = silenceMsMax - hopsToComeMs;
  const late = async (afterMs: number, meanwhile = async (_w: World) => {}) => {
    const w = world();
    w.deps.models = [
      offered(
        "slow",
        told(async () => {
          await meanwhile(w);
          w.pass(afterMs);
          return saying("A las 8:00.");
        }),
      ),
    ];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    return { w, stream };
  };

  it.each([
    { tookMs: silentMs - 500 - 1, types: ["ReplyStarted", "ReplyGenerated", "SendRequested"] },
    {
      tookMs: silentMs - 500,
      types: ["ReplyStarted", "ReplyDelayed", "SendRequested", "ReplyGenerated", "SendRequested"],
    },
  ])("after $tookMs ms and a quiet time of 500: $types", async ({ tookMs, types }) => {
    const { w, stream } = await late(tookMs);
    expect(await since(w, stream)).toEqual(types);
  });

  it("is announced in the customer's language, and to nobody else", async () => {
    const { w, stream } = await late(10_000);
    const sends = (await w.events(stream)).filter(({ type }) => type === "SendRequested");
    expect(sends.map(({ data }) => data)).toMatchObject([
      { origin: "bot", content: { type: "text", text: "Un momento, por favor, lo estoy mirando." } },
      { origin: "bot", content: { type: "text", text: "A las 8:00." } },
    ]);
  });

  it("is not announced over a person, nor over something newer", async () => {
    const over = await late(10_000, async (w) => void (await w.post(webhook(echo(lucia, "wamid.e", now)))));
    expect(await since(over.w, over.stream)).not.toContain("ReplyDelayed");
    const newer = await late(
      10_000,
      async (w) => void (await w.post(webhook(message(lucia, "wamid.2", now)))),
    );
    expect(await since(newer.w, newer.stream)).not.toContain("ReplyDelayed");
  });

  it("is announced once, also when who made it died and another makes it", async () => {
    const w = world();
    let attempts = 0;
    const model = told(async () => {
      w.pass(10_000);
      if (++attempts === 1) throw new Error("out of memory");
      return saying("A las 8:00.");
    });
    w.deps.models = [offered("slow", model)];
    const stream = await asked(w);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(false);
    w.pass(60_000);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
    expect((await since(w, stream)).filter((type) => type === "ReplyDelayed")).toHaveLength(1);
    // and the second model is not told that "one moment" was its answer
    expect(model.asked[1]?.turns).toEqual([{ from: "customer", kind: "text", text: "¿A qué hora abrís?" }]);
  });

  it("says where the time went", async () => {
    const { w, stream } = await late(10_000);
    expect((await last(w, stream, "ReplyGenerated")).steps).toEqual({
      waited: 500,
      context: 0,
      dialog: 0,
      model: 10_000,
    });
  });
});

describe("tools", () => {
  const status = (seen: unknown[]) =>
    tool({
      policy: { name: "order-status", effect: "reads" },
      description: "",
      schema: z.strictObject({ order: z.string().optional() }),
      run: async (given, { scope }) => {
        seen.push([given, scope]);
        return { status: "on its way" };
      },
    });

  it("are offered, used for this contact, recorded, and used once for one call", async () => {
    const w = world();
    const seen: unknown[] = [];
    w.deps.toolbox = [status(seen)];
    const results: unknown[] = [];
    w.deps.models = [
      offered(
        "m",
        told(async ({ tools }) => {
          const call = { callId: "c1", name: "order-status", arguments: { order: "A-1042" } };
          results.push(await tools?.use(call), await tools?.use(call));
          return saying("Está en camino.");
        }),
      ),
    ];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(seen).toEqual([[{ order: "A-1042" }, { phone: "34600000001" }]]);
    const found = { ok: true, content: '{"status":"on its way"}' };
    expect(results).toEqual([found, found]);
    expect(await since(w, stream)).toEqual(["ReplyStarted", "ToolUsed", "ReplyGenerated", "SendRequested"]);
    expect(await last(w, stream, "ToolUsed")).toMatchObject({
      callId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      arguments: '{"order":"A-1042"}',
      outcome: "answered",
    });
  });

  it("have no circuit opened by a knowledge base that is away", async () => {
    const w = world();
    const away = async () => {
      throw new KnowledgeFault("timeout", "later", "the knowledge base is away");
    };
    w.deps.models = [offered("m", told(away))];
    const stream = await asked(w);
    for (let tries = 0; tries < 7; tries++) {
      await w.deliver(generateReply(w.deps), stream, 3);
      w.pass(10_000);
    }
    expect(await w.deps.circuits.reopensAtMs("model:m")).toBeUndefined();
    expect((await since(w, stream)).filter((type) => type === "ReplyWithheld")).toHaveLength(7);
  });

  it("by any id of a call's are recorded, under one that is ours", async () => {
    const w = world();
    w.deps.toolbox = [status([])];
    const callId = "__proto__";
    const seen: unknown[] = [];
    w.deps.models = [
      offered(
        "m",
        told(async ({ tools }) => {
          seen.push(await tools?.use({ callId, name: "order-status", arguments: { order: "A-1042" } }));
          return saying("Está en camino.");
        }),
      ),
    ];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(seen).toEqual([{ ok: true, content: '{"status":"on its way"}' }]);
    expect(JSON.stringify(await w.events(stream))).not.toContain(callId);
  });

  it("are not reached when what was spent can't be read, and the claim is given back at once", async () => {
    const w = world();
    w.deps.dayUsd = 1;
    const { read } = w.deps.tally;
    w.deps.tally.read = async () => Promise.reject(new Error("the table is away"));
    w.deps.models = [
      offered(
        "m",
        told(async () => saying("Sí.")),
      ),
    ];
    const stream = await asked(w);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(false);
    expect(await since(w, stream)).toEqual(["ReplyStarted", "ReplyWithheld"]);
    w.deps.tally.read = read;
    w.pass(2_000);
    expect(await w.deliver(generateReply(w.deps), stream, 3)).toBe(true);
    expect(await last(w, stream, "ReplyGenerated")).toBeDefined();
  });

  it.each([
    ["refund", { order: "A-1042" }, "moves-money"],
    ["hand-over", {}, "asked-for"],
  ])("%s brings a person, and says so in our own words", async (name, given, reason) => {
    const w = world();
    w.deps.toolbox = [refundTool, handOverTool];
    w.deps.models = [
      offered(
        "m",
        told(async ({ tools }) => {
          await tools?.use({ callId: "c1", name, arguments: given });
          return saying("¡Hecho! Te hemos devuelto 20 €.");
        }),
      ),
    ];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(await since(w, stream)).toEqual([
      "ReplyStarted",
      "ToolUsed",
      "ReplyGenerated",
      "HumanRequested",
      "SendRequested",
    ]);
    expect(await last(w, stream, "ToolUsed")).toMatchObject({ tool: name, outcome: "needs-person", reason });
    expect((await last(w, stream, "ReplyGenerated")).choice?.passedOver).toEqual([
      { id: "told", reason: "needs-person" },
    ]);
    expect(await said(w, stream)).toEqual({
      type: "text",
      text: "Claro. Alguien del equipo se hará cargo y te contestará en este chat.",
    });
  });

  it("that brought a person are kept to, when the model refuses to go on", async () => {
    const w = world();
    w.deps.toolbox = [handOverTool];
    const model = told(async ({ tools }) => {
      await tools?.use({ callId: "c1", name: "hand-over", arguments: {} });
      return { declined: "refused" };
    });
    w.deps.models = [offered("m", model)];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(await since(w, stream)).toContain("HumanRequested");
    expect(JSON.stringify(await said(w, stream))).toContain("se hará cargo");
  });

  it("that fail, are not there, or come in a crowd, fail alone", async () => {
    const w = world();
    const broken = tool({
      policy: { name: "broken", effect: "reads" },
      description: "",
      schema: z.strictObject({}),
      run: async () => Promise.reject(new Error("no")),
    });
    w.deps.toolbox = [broken];
    const results: unknown[] = [];
    w.deps.models = [
      offered(
        "m",
        told(async ({ tools }) => {
          const names = ["broken", "nothing", "broken", "broken", "broken"];
          results.push(
            ...(await Promise.all(
              names.map(async (name, index) => tools?.use({ callId: String(index), name, arguments: {} })),
            )),
          );
          return saying("Lo siento.");
        }),
      ),
    ];
    const stream = await asked(w);
    await w.deliver(generateReply(w.deps), stream, 3);
    expect(results.map((result) => JSON.stringify(result))).toEqual([
      expect.stringContaining("fault"),
      expect.stringContaining("no-such-tool"),
      expect.stringContaining("fault"),
      expect.stringContaining("too-many-calls"),
      expect.stringContaining("too-many-calls"),
    ]);
    expect(await said(w, stream)).toMatchObject({ text: "Lo siento." });
  });
});

describe("F60: what a day may cost", () => {
  const dear = (costUsd: number) => told(saying("A las 8:00.", { use: paid(costUsd) }));
  const ask = async (w: World, nth: number, body?: object) => {
    await w.post(webhook(message(lucia, `wamid.${nth}`, now, body)));
    const [stream = ""] = await w.streams();
    await w.deliver(
      generateReply(w.deps),
      stream,
      (await w.events(stream)).findLast(isMessage)?.version ?? 0,
    );
    return stream;
  };

  it("for one customer is bounded: then free answers, if there are any", async () => {
    const w = world();
    w.deps.allowance = { usd: 0.02, replies: 100 };
    const model = dear(0.01);
    const resort = offered("offline", told(saying("Gratis.")), { lastResort: true });
    w.deps.models = [offered("m", model, { costUsd: 0.01 }), resort];
    let stream = "";
    for (let nth = 1; nth <= 4; nth++) stream = await ask(w, nth);
    expect(model.asked).toHaveLength(2);
    expect((await last(w, stream, "ReplyGenerated")).choice).toEqual({
      reason: "last-resort",
      passedOver: [{ id: "m", reason: "over-budget" }],
    });
  });

  it("without a free answer offers a person, once, and then is silent until tomorrow", async () => {
    const w = world();
    w.deps.allowance = { usd: 0.01, replies: 100 };
    w.deps.models = [offered("m", dear(0.01), { costUsd: 0.01 })];
    let stream = "";
    for (let nth = 1; nth <= 4; nth++) stream = await ask(w, nth);
    const types = await since(w, stream);
    expect(types.filter((type) => type === "ReplyWithheld")).toHaveLength(3);
    expect(types.filter((type) => type === "SendRequested")).toHaveLength(2);
    expect(await said(w, stream)).toMatchObject({
      text: "Por hoy no puedo contestar más. ¿Aviso a alguien del equipo?",
    });
    expect(w.logged.filter((line) => line.includes("contact-money"))).toHaveLength(3);
    w.pass(86_400_000);
    await ask(w, 5);
    expect((await since(w, stream)).at(-1)).toBe("SendRequested");
    expect(await said(w, stream)).toMatchObject({ text: "A las 8:00." });
  });

  it.each(["Sí, por favor", "Quiero hablar con una persona"])("still brings a person: %s", async (words) => {
    const w = world();
    w.deps.allowance = { usd: 0, replies: 100 };
    w.deps.models = [offered("m", dear(0.01), { costUsd: 0.01 })];
    await ask(w, 1);
    const stream = await ask(w, 2, text(words));
    expect((await since(w, stream)).slice(-3)).toEqual(["ReplyGenerated", "HumanRequested", "SendRequested"]);
  });

  it("counts answers as well as money", async () => {
    const w = world();
    w.deps.allowance = { usd: 1, replies: 2 };
    w.deps.models = [offered("m", dear(0))];
    let stream = "";
    for (let nth = 1; nth <= 3; nth++) stream = await ask(w, nth);
    expect(await last(w, stream, "ReplyWithheld")).toMatchObject({ reason: "budget-spent" });
  });

  it("counts drafts that were written in vain: who interrupts pays as well", async () => {
    const w = world();
    w.deps.allowance = { usd: 0.02, replies: 100 };
    let nth = 1;
    const model = told(async () => {
      await w.post(webhook(message(lucia, `wamid.${++nth}`, now)));
      return saying("A las 8:00.", { use: paid(0.01) });
    });
    w.deps.models = [offered("m", model, { costUsd: 0.01 })];
    const stream = await asked(w);
    for (let turn = 0; turn < 5; turn++)
      await w.deliver(
        generateReply(w.deps),
        stream,
        (await w.events(stream)).findLast(isMessage)?.version ?? 0,
      );
    expect(model.asked).toHaveLength(2);
  });

  it("for all customers of a number together is bounded, too", async () => {
    const w = world();
    w.deps.dayUsd = 0.02;
    const model = dear(0.01);
    w.deps.models = [offered("m", model, { costUsd: 0.01 })];
    for (let nth = 1; nth <= 5; nth++)
      await w.post(webhook(message({ phone: `3460000000${nth}` }, `wamid.${nth}`, now)));
    for (const stream of await w.streams()) await w.deliver(generateReply(w.deps), stream, 3);
    expect(model.asked).toHaveLength(2);
    expect(w.logged.filter((line) => line.includes("day-money"))).toHaveLength(3);
  });
});
