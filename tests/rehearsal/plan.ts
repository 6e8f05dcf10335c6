/** What will happen in a history: who writes what when, and how much goes wrong. A plan is JSON, and replays exactly. */
import * as z from "zod";
import { subscriptions } from "#core/subscriptions.ts";
import { draws } from "./chance.ts";
import type { Phrase } from "./phrases.ts";

/** How often each goes wrong, of the times that it could: the rates of the worst of days. */
const worstRates = {
  // any call of a seam
  slow: 0.03,
  "crash-before": 0.004,
  "crash-after": 0.006,
  "error-before": 0.01,
  "error-after": 0.01,
  "late-effect": 0.5,
  clog: 0.8,
  // the bus, the stream and the queues
  "entry-refused": 0.06,
  "bus-throttles": 0.05,
  "bus-duplicate": 0.08,
  "bus-late": 0.04,
  "stream-replay": 0.08,
  "queue-duplicate": 0.03,
  "delete-lost": 0.02,
  // the stores
  "stale-read": 0.5,
  "cache-lost": 0.3,
  // models, and what they have
  "model-slow": 0.15,
  "model-fails": 0.1,
  "model-declines": 0.12,
  "model-garbage": 0.15,
  "model-refuses": 0.08,
  "model-hands-over": 0.1,
  "dialog-fails": 0.1,
  "tool-fails": 0.2,
  "summariser-fails": 0.2,
  "notifier-fails": 0.15,
  // files at Meta
  "media-later": 0.2,
  "media-gone": 0.1,
  // WhatsApp
  "graph-timeout-after-effect": 0.12,
  "graph-lost-before-effect": 0.06,
  "graph-down": 0.1,
  "graph-throttled": 0.08,
  "graph-refuses": 0.05,
  "graph-unreachable": 0.05,
  outage: 0.97,
  "status-early": 0.3,
  "status-duplicate": 0.2,
  "status-failed": 0.1,
  "status-contradicts": 0.15,
  "webhook-unheard": 0.05,
} as const;

export type FaultKind = keyof typeof worstRates;
export const faultKinds = Object.keys(worstRates) as FaultKind[];

const Names = z.enum(["both", "phone", "user-id"]);
export type Names = z.infer<typeof Names>;

const common = { atMs: z.number(), customer: z.int() };
/** Deliveries again, this long after the first. */
const again = z.array(z.number());

const Action = z.discriminatedUnion("type", [
  /** A message, or an album of several in one webhook. */
  z.object({
    type: z.literal("writes"),
    ...common,
    ids: z.array(z.string()),
    kind: z.enum(["text", "image"]),
    /** A question, where it is not said. */
    says: z.enum(["asks", "books", "answers", "confirms", "cancels"]).optional(),
    names: Names,
    again,
  }),
  z.object({ type: z.literal("revokes"), ...common, id: z.string(), original: z.string() }),
  z.object({ type: z.literal("edits"), ...common, id: z.string(), original: z.string() }),
  z.object({ type: z.literal("changes-user-id"), ...common, id: z.string(), again }),
  /** A person answers on the business's phone. */
  z.object({ type: z.literal("echo"), ...common, id: z.string(), again }),
  /** Meta's own agent answers, and this message comes as a bystander's. */
  z.object({ type: z.literal("standby"), ...common, id: z.string(), again }),
  z.object({ type: z.literal("takes-over"), ...common, twice: z.boolean() }),
  z.object({ type: z.literal("resumes"), ...common }),
  /** A person decides about the sends that wait for one. */
  z.object({ type: z.literal("resolves"), ...common, how: z.enum(["resend", "drop"]) }),
  z.object({ type: z.literal("erases"), ...common }),
  /** What is no event of ours gets into a queue. */
  z.object({ type: z.literal("poison"), ...common, queue: z.string() }),
]);
export type Action = z.infer<typeof Action>;

const Span = { fromMs: z.number(), untilMs: z.number() };

export const Plan = z.object({
  seed: z.int(),
  /** By chance at these rates, or exactly these. */
  faults: z.union([z.literal("drawn"), z.array(z.string())]),
  rates: z.partialRecord(z.enum(faultKinds as [FaultKind, ...FaultKind[]]), z.number()),
  calmAtMs: z.number(),
  clog: z.object({ ...Span, share: z.number() }).optional(),
  /** For a while, nobody gets through to one of them. */
  outage: z.object({ ...Span, of: z.enum(["graph", "model"]) }).optional(),
  /** Of the publisher or a queue, nobody works for so long. */
  dead: z.object({ ...Span, consumer: z.string() }).optional(),
  /** From then on events are written in a newer version, by more and more containers. */
  deploy: z.object(Span).optional(),
  /** How far clocks are wrong, at most, in either direction. */
  skewMs: z.number(),
  quietMs: z.number(),
  handBackMs: z.number(),
  historyIsComplete: z.boolean(),
  /** Whether statuses bring back the reference that our send carried. */
  refIsEchoed: z.boolean(),
  hasTemplate: z.boolean(),
  /** Whether there is a model that answers when no other does; there is, where it is not said. */
  hasLastResort: z.boolean().optional(),
  /** What a customer may cost in a day; no bound, where it is not said. */
  allowance: z.object({ usd: z.number(), replies: z.int() }).optional(),
  /** And all of a number's. */
  dayUsd: z.number().optional(),
  customers: z.array(z.object({ phone: z.string(), userId: z.string(), number: z.string() })),
  actions: z.array(Action),
});
export type Plan = z.infer<typeof Plan>;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const consumers = ["publisher", ...subscriptions.map(({ name }) => name)];

type Draws = ReturnType<typeof draws>;

export const planOf = (seed: number): Plan => {
  const draw = draws(seed, "plan");
  const customers = Array.from({ length: draw.between(1, 3) }, (_, index) => ({
    phone: `3460000000${index}`,
    userId: `ES.9000000000000000000${index}`,
    number: draw.pick(["1065550000", "1065550001"]),
  }));
  const lastsMs = draw.pick([10 * minute, hour, 6 * hour, 2 * day]);
  const actions = customers
    .flatMap((_, customer) => customerActions(draw, customer, lastsMs))
    .toSorted((a, b) => a.atMs - b.atMs);
  if (draw.happens(0.3))
    actions.push({
      type: "poison",
      atMs: draw.between(0, lastsMs),
      customer: 0,
      queue: draw.pick(consumers.slice(1)),
    });
  const fromMs = draw.between(0, lastsMs / 2);
  const rates = ratesOf(draw);
  return {
    seed,
    faults: "drawn",
    rates,
    calmAtMs: lastsMs + draw.between(0, hour),
    ...(draw.happens(0.25) && {
      clog: { fromMs, untilMs: fromMs + draw.between(minute, 10 * minute), share: 0.5 },
    }),
    ...(draw.happens(0.2) && {
      outage: {
        fromMs: 0,
        untilMs: draw.between(minute, lastsMs),
        of: draw.pick(["graph", "model"] as const),
      },
    }),
    ...(draw.happens(0.2) && {
      // what the publisher misses is the worst to miss
      dead: {
        fromMs,
        untilMs: fromMs + 30 * hour,
        consumer: draw.happens(0.3) ? "publisher" : draw.pick(consumers),
      },
    }),
    ...(draw.happens(0.25) && {
      deploy: { fromMs, untilMs: fromMs + draw.between(minute, 20 * minute) },
    }),
    skewMs: draw.pick([0, 50, 2_000]),
    quietMs: draw.pick([0, 500, 3_000]),
    handBackMs: draw.pick([10 * minute, 8 * hour]),
    historyIsComplete: draw.happens(0.3),
    refIsEchoed: draw.happens(0.6),
    hasTemplate: draw.happens(0.5),
    hasLastResort: draw.happens(0.6),
    ...(draw.happens(0.2) && {
      allowance: { usd: draw.pick([0.005, 0.05, 1]), replies: draw.pick([2, 4, 100]) },
    }),
    ...(draw.happens(0.15) && { dayUsd: draw.pick([0.003, 0.03]) }),
    customers,
    actions,
  };
};

/** Some days are quiet, on some a single thing goes wrong, on some all of them. */
const ratesOf = (draw: Draws): Plan["rates"] => {
  const scale = draw.pick([0, 0.3, 1, 1, 2]);
  const share = draw.pick([0.15, 0.5, 1]);
  const chosen = faultKinds.filter(() => draw.happens(share));
  return Object.fromEntries(chosen.map((kind) => [kind, Math.min(0.9, worstRates[kind] * scale)]));
};

const customerActions = (draw: Draws, customer: number, lastsMs: number): Action[] => {
  const actions: Action[] = [];
  const sessions = draw.pick([1, 1, 2]);
  const isTalkative = draw.happens(0.1);
  const alwaysNamed = draw.happens(0.45) ? draw.pick<Names>(["both", "phone"]) : undefined;
  for (let session = 0; session < sessions; session++) {
    const beginsMs = draw.between(0, lastsMs);
    let atMs = beginsMs;
    const said = draw.happens(0.3) ? booking(draw) : undefined;
    const turns = isTalkative ? draw.between(14, 20) : (said?.length ?? draw.pick([1, 2, 2, 3, 4]));
    for (let turn = 0; turn < turns; turn++) {
      const id = `c${customer}s${session}m${turn}`;
      const names = alwaysNamed ?? draw.pick<Names>(["both", "phone", "user-id"]);
      const isAlbum = draw.happens(said ? 0.03 : 0.15);
      const ids = isAlbum ? [`${id}a`, `${id}b`, `${id}c`] : [id];
      const kind = isAlbum || draw.happens(0.1) ? "image" : "text";
      // who is known by several names may be two contacts, and later one: then it matters what each has seen
      const again = redeliveries(draw, alwaysNamed ? 0.3 : 0.7);
      const says = said?.[turn];
      actions.push({ type: "writes", atMs, customer, ids, kind, ...(says && { says }), names, again });
      actions.push(...interruptions(draw, customer, id, atMs));
      // who is led from one question to the next waits for it
      atMs += draw.pick(said || isTalkative ? [8_000, 20_000, 60_000] : [20, 400, 2_000, 8_000, 60_000]);
    }
  }
  if (draw.happens(0.15)) actions.push({ type: "erases", atMs: draw.between(0, lastsMs), customer });
  if (draw.happens(0.1))
    actions.push({
      type: "changes-user-id",
      atMs: draw.between(0, lastsMs),
      customer,
      id: `c${customer}n`,
      again: redeliveries(draw),
    });
  if (draw.happens(0.6))
    actions.push({
      type: "resolves",
      atMs: draw.between(lastsMs / 2, lastsMs + 2 * hour),
      customer,
      how: draw.pick(["resend", "drop"]),
    });
  return actions;
};

/** A table is booked, step by step, with questions in between, and said again when all is done. */
const booking = (draw: Draws): Phrase[] => {
  const steps: Phrase[] = ["books", "answers", "confirms", "confirms"];
  return steps.flatMap((step): Phrase[] => {
    if (draw.happens(0.05)) return ["cancels"];
    return draw.happens(0.25) ? ["asks", step] : [step];
  });
};

const redeliveries = (draw: Draws, share = 0.3): number[] => {
  if (!draw.happens(share)) return [];
  return draw.pick([[0], [5], [1_000, 20_000], [10 * minute], [2 * hour, 6 * day], [7 * day]]);
};

/** While it is being answered, most of all. */
const interruptions = (draw: Draws, customer: number, id: string, messageAtMs: number): Action[] => {
  if (!draw.happens(0.35)) return [];
  const atMs = messageAtMs + draw.between(0, 15_000);
  const again = redeliveries(draw);
  const backMs = atMs + draw.between(1_000, 10 * minute);
  switch (draw.between(0, 5)) {
    case 0:
      return [{ type: "echo", atMs, customer, id: `${id}e`, again }];
    case 1:
      return [{ type: "standby", atMs, customer, id: `${id}y`, again }];
    case 2:
      return [{ type: "revokes", atMs, customer, id: `${id}r`, original: id }];
    case 3:
      return [{ type: "edits", atMs, customer, id: `${id}d`, original: id }];
    default:
      return [
        { type: "takes-over", atMs, customer, twice: draw.happens(0.3) },
        ...(draw.happens(0.6) ? [{ type: "resumes" as const, atMs: backMs, customer }] : []),
      ];
  }
};
