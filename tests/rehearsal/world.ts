/** The whole system under one plan: the real handlers, in containers that come, go and die. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { views } from "#core/views/all.ts";
import { eraseContact } from "#functions/commands/erase-contact.ts";
import { fetchMedia } from "#functions/commands/fetch-media.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { notifyPeople } from "#functions/commands/notify-people.ts";
import { publishEvents } from "#functions/commands/publish-events.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import { resolveSend } from "#functions/commands/resolve-send.ts";
import { sendMessage } from "#functions/commands/send-message.ts";
import { summariseContext } from "#functions/commands/summarise-context.ts";
import { resumeBot, takeOver } from "#functions/commands/take-over.ts";
import { projectEach } from "#functions/shared/project-each.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { activate, kill, type Container, type Invocation } from "./container.ts";
import { bus, changeStream, queueWorkers, type Invoke } from "./delivery.ts";
import { deps, erasing, type Deps, type Services } from "./deps.ts";
import { graph } from "./graph.ts";
import { startMs, type Sim } from "./kernel.ts";
import type { Stream } from "./ledger.ts";
import { bodyOf, deliver, posted, statusBody, type Post } from "./meta.ts";
import type { Action } from "./plan.ts";
import { vendors } from "./vendors.ts";

const timeoutMs = 60_000;

type Job = (deps: Deps, event: object) => Promise<unknown>;
type Running = Container & { deps: Deps };

export type World = ReturnType<typeof world>;

export const world = (sim: Sim) => {
  const services: Services = {
    ...vendors(sim, (commit) => stream.appended(commit)),
    graph: {
      send: () => ({ outcome: "uncertain", reason: "" }),
      findSent: async () => ({ found: "absent" }),
    },
    bus: async () => [],
    poke: () => {},
  };
  const { ledger } = services;
  const { invoke, calm } = containers(sim, services);
  const stream = changeStream(sim, invoke);
  const workers = queueWorkers(sim, services.queues, invoke);
  services.poke = workers.poke;
  services.bus = bus(sim, services.queues, workers.poke);
  const post: Post = (name, body, answer) =>
    invoke("receive-webhook", name, posted(body), {
      done: (result) => answer((result as APIGatewayProxyResult).statusCode),
      lost: () => {},
    });
  services.graph = graph(sim, ledger, (status, name) =>
    deliver(sim, post, name, statusBody(status, sim.nowMs()), {
      again: [],
      acknowledged: () => ledger.statusAcknowledged(status.wamid, status.status),
    }),
  );

  /** A person asks for something until it is done. */
  const insist = (name: string, job: Job, done: (result: unknown) => void = () => {}, attempt = 1): void => {
    const again = () => {
      if (attempt < 20) sim.after(3_000, `${name} again`, () => insist(name, job, done, attempt + 1));
    };
    invoke("api", `${name} ×${attempt}`, { job }, { done, lost: again });
  };

  const desk = (
    action: Action,
    name: string,
    command: (deps: Deps, stream: Stream) => Promise<unknown>,
  ): void => {
    const newest = ledger.of(action.customer)[0];
    if (newest) insist(name, (deps) => command(deps, ledger.successor(newest)));
  };

  const act = (action: Action, index: number): void => {
    const name = `${action.type} ${index}`;
    ledger.expects(action);
    const body = bodyOf(sim.plan.customers, action, sim.nowMs());
    if (body)
      deliver(sim, post, name, body, {
        again: "again" in action ? action.again : [],
        acknowledged: () => ledger.acknowledged(action),
      });
    switch (action.type) {
      case "takes-over":
        desk(action, name, (deps, { id }) => takeOver(deps, id, { by: "ana" }));
        if (action.twice) desk(action, `${name} twice`, (deps, { id }) => takeOver(deps, id, { by: "ana" }));
        return;
      case "resumes":
        return desk(action, name, (deps, { id }) => resumeBot(deps, id, { by: "ana" }));
      case "resolves":
        for (const { id, intents } of ledger.of(action.customer))
          for (const [sendId, { phase }] of intents)
            if (phase === "parked")
              insist(`${name} ${sendId}`, (deps) =>
                resolveSend(deps, id, { sendId, how: action.how, by: "ana" }),
              );
        return;
      case "erases":
        return erase(action.customer, name);
      case "poison":
        void services.queues.send([{ queue: action.queue, body: poison }]);
        return workers.poke(action.queue, 0);
      default:
        return;
    }
  };

  const erase = (customer: number, name: string): void => {
    const newest = ledger.of(customer)[0];
    if (!newest) return;
    const before = new Map(ledger.of(customer).map(({ id, head }) => [id, head]));
    insist(
      name,
      (deps) => eraseContact(erasing(deps), newest.contactId),
      (erased) => {
        sim.saw("erased");
        ledger.erased(before, (erased as { streams: string[] }).streams);
      },
    );
  };

  for (const [index, action] of sim.plan.actions.entries())
    sim.after(action.atMs, `${action.type} by customer ${action.customer}`, () => act(action, index));
  sim.after(sim.plan.calmAtMs, "faults are over", () => {});

  return { services, calm, expired: stream.expired, poke: workers.poke };
};

export const poison = "poison: no event of ours";

/** One container per invocation at a time; idle ones are used again, with what they remember. */
const containers = (sim: Sim, services: Services) => {
  const idle = new Map<string, Running[]>();
  const handlers = jobs();
  const running = new Set<{ invocation: Invocation; endMs: number; isOver: () => boolean }>();
  let made = 0;

  const endOverdue = (): void => {
    for (const one of running) {
      if (one.endMs <= sim.nowMs() && !one.isOver()) kill(sim, one.invocation, "it took too long");
      if (one.isOver()) running.delete(one);
    }
    const [next] = running;
    if (next) sim.after(next.endMs - sim.nowMs(), "somebody takes too long", endOverdue);
  };

  const deployment = (): Container["deployment"] => {
    const { deploy } = sim.plan;
    const sinceMs = sim.nowMs() - startMs;
    if (!deploy || sinceMs < deploy.fromMs) return "before";
    if (sinceMs >= deploy.untilMs) return "after";
    sim.saw("two-deployments-at-once");
    return sim.unit(`deployed ${made}`) < 0.5 ? "before" : "after";
  };

  const start = (wanted: Container["deployment"] = deployment()): Running => {
    const { skewMs } = sim.plan;
    const container: Container = {
      skewMs: sim.between(`skew ${++made}`, -skewMs, skewMs),
      deployment: wanted,
      invocation: undefined,
    };
    return Object.assign(container, { deps: deps(sim, services, container) });
  };

  const take = (handler: string): Running => {
    const wanted = deployment();
    const pool = idle.get(handler) ?? [];
    const found = pool.findIndex((container) => container.deployment === wanted);
    return (found >= 0 ? pool.splice(found, 1)[0] : undefined) ?? start(wanted);
  };

  const invoke: Invoke = (handler, name, event, { done, lost }) => {
    const job = handlers.get(handler);
    if (!job) throw new Error(`nothing handles ${handler}`);
    const container = take(handler);
    const invocation: Invocation = { name, calls: 0, dead: false, intervals: new Set(), died: lost };
    container.invocation = invocation;
    sim.note(`  ${name} begins`);
    activate(invocation);
    let over = false;
    const end = (tell: () => void) => {
      if (invocation.dead) return;
      over = true;
      container.invocation = undefined;
      idle.set(handler, [...(idle.get(handler) ?? []), container]);
      sim.note(`  ${name} ends`);
      tell();
    };
    const answered = job(container.deps, event);
    void answered.then(
      // oxlint-disable-next-line promise/no-callback-in-promise -- a queue that takes the answer is no node callback
      (result) => end(() => done(result)),
      (error: unknown) => {
        sim.note(`    ${String(error)}`);
        end(lost);
      },
    );
    running.add({ invocation, endMs: sim.nowMs() + timeoutMs, isOver: () => over || invocation.dead });
    if (running.size === 1) sim.after(timeoutMs, "somebody takes too long", endOverdue);
  };

  return { invoke, calm: () => start("after").deps };
};

const jobs = (): Map<string, Job> => {
  const queue =
    (handler: (deps: Deps) => QueueHandler): Job =>
    (deps, event) =>
      handler(deps)(event as SQSEvent);
  const projections = views.map((view) => [view.name, queue(projectEach(view))] as const);
  const all = new Map<string, Job>([
    ...projections,
    ["generate-reply", queue(generateReply)],
    ["send-message", queue(sendMessage)],
    ["summarise-context", queue(summariseContext)],
    ["fetch-media", queue(fetchMedia)],
    ["notify-people", queue(notifyPeople)],
    [
      "publisher",
      (deps, event) => publishEvents({ ...deps, codec: deps.store.codec })(event as DynamoDBStreamEvent),
    ],
    ["receive-webhook", (deps, event) => receiveWebhook(deps)(event as APIGatewayProxyEvent)],
    ["api", (deps, event) => (event as { job: Job }).job(deps, event)],
  ]);
  const missing = subscriptions.find(({ name }) => !all.has(name));
  if (missing) throw new Error(`nothing handles ${missing.name}`);
  return all;
};
