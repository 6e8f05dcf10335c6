import { describe, expect, it } from "vitest";
import type { EventBus } from "../clients/event-bus.ts";
import type { BusEvent } from "../events/bus.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { aCommit } from "../testing/commits.ts";
import { after, noon, stream } from "../testing/given.ts";
import { memoryHilo, type MemoryHilo } from "../testing/memory-hilo.ts";
import {
  echoed,
  received,
  replyGenerated,
  replyStarted,
  sendRequested,
  sendStarted,
  sent,
  started,
  tookOver,
} from "../testing/samples.ts";
import { views } from "../views/all.ts";
import { audit, graceMs, type AuditOptions } from "./audit.ts";
import type { EventStore } from "./event-store.ts";

const other = stream.replace("1065550000", "1065550001");
const parked: ConversationEvent = { type: "SendParked", data: { sendId: "s1" } };
const uncertain: ConversationEvent = { type: "SendUncertain", data: { sendId: "s1", reason: "timeout" } };
const failed = (retry: "later" | "never"): ConversationEvent => ({
  type: "SendFailed",
  data: { sendId: "s1", retry, reason: "rate-limited" },
});

const refused: ConversationEvent = {
  type: "ReplyWithheld",
  data: { replyId: "r1", reason: "budget-spent", draft: "" },
};

const told = () => {
  const published: BusEvent[] = [];
  const bus: EventBus = { publish: async (events) => (published.push(...events), []) };
  return { bus, published };
};

/** Audits long after everything, unless `at` says otherwise; answers the report and what was published. */
const auditOf = async (hilo: MemoryHilo, options?: AuditOptions & { at?: string; store?: EventStore }) => {
  const { bus, published } = told();
  const clock = () => new Date(options?.at ?? after(24 * 3_600_000));
  const report = await audit(
    { ...hilo, ...(options?.store && { store: options.store }), bus, clock },
    views,
    options,
  );
  return { report, published: published.map(({ detail }) => detail.id) };
};

/** A conversation of these events, each a second after the one before, all projected. */
const projected = async (...events: ConversationEvent[]): Promise<MemoryHilo> => {
  const hilo = memoryHilo();
  for (const event of [started(), ...events]) await hilo.record(stream, event);
  await hilo.project(stream);
  return hilo;
};

/** A report's `behind` when each view that heeds what the business says is behind on so many. */
const behindOn = (count: number) =>
  Object.fromEntries(views.map(({ name, heeds }) => [name, heeds.includes("MessageEchoed") ? count : 0]));

const nothing = {
  broken: [],
  unreadable: [],
  behind: behindOn(0),
  owed: 0,
};

describe("an audit", () => {
  it("finds nothing where nothing is wrong", async () => {
    const hilo = await projected(received("m1"), replyGenerated("r1", [2]), sendRequested("s1"), sent("s1"));
    expect(await auditOf(hilo, { repair: true })).toEqual({
      report: { streams: 1, ...nothing, repaired: true },
      published: [],
    });
  });

  it("of nothing is done at once", async () => {
    expect((await auditOf(memoryHilo())).report).toEqual({ streams: 0, ...nothing, repaired: false });
  });

  it("tells how far it has come, in commits", async () => {
    const progress: [number, number][] = [];
    await auditOf(await projected(echoed("e1")), { progress: (done, total) => progress.push([done, total]) });
    expect(progress).toEqual([[2, 2]]);
  });
});

describe("a view that is behind", () => {
  const behind = async (): Promise<MemoryHilo> => {
    const hilo = await projected(echoed("e1"));
    await hilo.record(stream, echoed("e2"));
    await hilo.record(other, started(), echoed("o1"));
    return hilo;
  };

  it("is counted once per conversation, and left alone", async () => {
    const hilo = await behind();
    expect((await auditOf(hilo)).report).toMatchObject({
      streams: 2,
      behind: behindOn(2),
      repaired: false,
    });
    expect(await hilo.views.version("transcript@1", stream)).toBe(2);
  });

  it("is brought up to date by a repair", async () => {
    const hilo = await behind();
    expect((await auditOf(hilo, { repair: true })).report.behind).toMatchObject({ transcript: 2 });
    for (const name of ["transcript@1", "context@1", "conversation-list@1"]) {
      expect(await hilo.views.version(name, stream)).toBe(3);
      expect(await hilo.views.version(name, other)).toBe(2);
    }
    expect((await auditOf(hilo)).report).toMatchObject(nothing);
  });

  it("is not so for what changes nothing in it, nor for what has come to nothing", async () => {
    const hilo = await projected(echoed("e1"));
    await hilo.record(stream, replyStarted("r1", 2, noon));
    await hilo.record(stream, sendRequested("s1"), sent("s1"));
    const { behind } = (await auditOf(hilo)).report;
    expect(behind).toEqual({ ...behindOn(1), costs: 1, "parked-sends": 0 });
    expect((await auditOf(await projected(replyStarted("r1", 2, noon)))).report.behind).toEqual(behindOn(0));
  });

  it("is not so where it is brought up to date meanwhile", async () => {
    const hilo = await behind();
    const { items } = hilo.views;
    hilo.views.items = async (...args) => {
      hilo.views.items = items;
      await hilo.project(stream, other);
      return items(...args);
    };
    const { report } = await auditOf(hilo);
    expect(report.behind).toEqual(behindOn(0));
  });

  it.each([
    ["not yet counted", graceMs, 0],
    ["counted", graceMs + 1, 1],
  ])("is %s %d ms after the first event that it lacks", async (_, ms, count) => {
    const hilo = await projected();
    await hilo.record(stream, echoed("e1"));
    await hilo.record(stream, echoed("e2"));
    const { report } = await auditOf(hilo, { at: after(1_000 + ms) });
    expect(report.behind).toEqual(behindOn(count));
  });
});

describe("what is owed", () => {
  it("an answer: the newest message that has none is published again, as it was", async () => {
    const hilo = await projected(received("m1"), received("m2"));
    const { report, published } = await auditOf(hilo, { repair: true });
    expect(report.owed).toBe(1);
    expect(published).toEqual([`${stream}@3`]);
  });

  it.each<[string, ConversationEvent[]]>([
    ["requested", [sendRequested("s1")]],
    ["begun", [sendRequested("s1"), sendStarted("s1")]],
    ["uncertain", [sendRequested("s1"), sendStarted("s1"), uncertain]],
    ["refused for now", [sendRequested("s1"), sendStarted("s1"), failed("later")]],
  ])("a send that is %s: its intent is published again", async (_, events) => {
    const { report, published } = await auditOf(await projected(echoed("e1"), ...events), { repair: true });
    expect(report.owed).toBe(1);
    expect(published).toEqual([`${stream}@3`]);
  });

  it.each<[string, ConversationEvent[]]>([
    ["is sent", [sendRequested("s1"), sendStarted("s1"), sent("s1")]],
    ["failed for good", [sendRequested("s1"), sendStarted("s1"), failed("never")]],
    ["waits for a person", [sendRequested("s1"), sendStarted("s1"), uncertain, parked]],
  ])("no send that %s", async (_, events) => {
    expect((await auditOf(await projected(...events))).report.owed).toBe(0);
  });

  it.each<[string, ConversationEvent[]]>([
    ["was answered", [received("m1"), replyGenerated("r1", [2])]],
    ["nobody is to answer", [received("m1", { noReply: "group" })]],
    ["a person has taken over", [received("m1"), tookOver()]],
    [
      "was refused for what it costs",
      [received("m1"), received("m2"), replyStarted("r1", 3, after(0)), refused],
    ],
    ["an erased person wrote", [received("m1"), { type: "ContactErased", data: {} }]],
  ])("no answer to what %s", async (_, events) => {
    expect((await auditOf(await projected(...events))).report.owed).toBe(0);
  });

  it("an answer to what was written after one was refused for what it costs", async () => {
    const { published } = await auditOf(await projected(received("m1"), refused, received("m2")), {
      repair: true,
    });
    expect(published).toEqual([`${stream}@4`]);
  });

  it("is only counted without a repair", async () => {
    const { report, published } = await auditOf(await projected(received("m1"), sendRequested("s1")));
    expect(report.owed).toBe(2);
    expect(published).toEqual([]);
  });

  it("is published encrypted, as every event is", async () => {
    const hilo = await projected(received("m1"));
    const { bus, published } = told();
    await audit({ ...hilo, bus, clock: () => new Date(after(24 * 3_600_000)) }, views, { repair: true });
    expect(published).toMatchObject([{ "detail-type": "MessageReceived" }]);
    expect(JSON.stringify(published)).not.toContain("abrís");
  });

  it.each([
    ["not yet owed", graceMs, []],
    ["owed", graceMs + 1, [`${stream}@2`]],
  ])("an answer is %s %d ms after the message", async (_, ms, expected) => {
    const hilo = await projected(received("m1"));
    const { published } = await auditOf(hilo, { repair: true, at: after(1_000 + ms) });
    expect(published).toEqual(expected);
  });

  it.each([
    ["not yet owed", graceMs, 0],
    ["owed", graceMs + 1, 1],
  ])("a send is %s %d ms after it was asked for", async (_, ms, owed) => {
    const hilo = await projected(sendRequested("s1"));
    expect((await auditOf(hilo, { at: after(1_000 + ms) })).report.owed).toBe(owed);
  });

  it("may have another grace", async () => {
    const hilo = await projected(received("m1"));
    expect((await auditOf(hilo, { graceMs: 0, at: after(1_001) })).report.owed).toBe(1);
    expect((await auditOf(hilo, { graceMs: 2, at: after(1_001) })).report.owed).toBe(0);
  });
});

describe("what is wrong with the log", () => {
  it.each([1, 2])(
    "a conversation without its version %d is reported broken, its neighbour is not",
    async (missing) => {
      const hilo = await projected(echoed("e1"), echoed("e2"));
      await hilo.record(other, started());
      await hilo.project(other);
      const { log } = hilo.store;
      const holed: EventStore["log"] = {
        ...log,
        async outline(options) {
          const { commits, ...next } = await log.outline(options);
          return {
            ...next,
            commits: commits.filter((one) => one.stream === other || one.version !== missing),
          };
        },
      };
      const { report } = await auditOf(hilo, { store: { ...hilo.store, log: holed }, repair: true });
      expect(report).toMatchObject({ streams: 2, broken: [stream] });
    },
  );

  it("F17: a conversation that this program can't read is reported, and the others are audited", async () => {
    const hilo = await projected(received("m1"));
    const body = Buffer.from(JSON.stringify([{ type: "MessageReceived", schemaVersion: 99, data: {} }]));
    await hilo.store.log.append(aCommit(stream, 3, { body, subject: "01JD0000000000000000000000" }));
    await hilo.record(other, started());
    await hilo.record(other, received("o1"));
    const { report, published } = await auditOf(hilo, { repair: true });
    expect(report).toMatchObject({ streams: 2, unreadable: [stream], broken: [] });
    expect(published).toEqual([`${other}@2`]);
    expect(await hilo.views.version("transcript@1", other)).toBe(2);
  });

  it("what belongs to no conversation is none of its business", async () => {
    const hilo = await projected(echoed("e1"));
    await hilo.store.log.append(aCommit("update-1", 1));
    expect((await auditOf(hilo)).report).toMatchObject({ streams: 1, unreadable: [] });
  });
});
