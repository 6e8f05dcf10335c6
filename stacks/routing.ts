/** From the events table to everyone who listens: the stream, the publisher, one bus, and the rows of `subscriptions.ts`. */
import { subscriptions, type Subscription } from "../packages/core/subscriptions.ts";
import type { Grant } from "./access.ts";
import { answersOf, summariesOf } from "./answers.ts";
import type { Cache } from "./cache.ts";
import type { Data } from "./data.ts";
import type { KnowledgeFiles } from "./knowledge.ts";
import type { Lambda, LambdaArgs, Lambdas } from "./lambda.ts";
import { logicalName, physicalName } from "./names.ts";
import { createDeadLetters, createQueue, guardQueue } from "./queue.ts";
import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { templatesOf } from "./templates.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = {
  policy: StagePolicy;
  data: Data;
  secrets: Secrets;
  settings: Settings;
  lambda: Lambdas;
  notices: aws.sns.Topic;
  cache: Cache;
  /** The knowledge base, compiled. */
  knowledge: KnowledgeFiles;
};

export type Routing = ReturnType<typeof createRouting>;

export const createRouting = (deps: Deps) => {
  const bus = new sst.aws.Bus("Bus");
  new aws.cloudwatch.EventArchive("BusArchive", {
    name: physicalName("archive").slice(0, maxArchiveName),
    eventSourceArn: bus.arn,
    eventPattern: JSON.stringify({ source: ["hilo"] }),
    retentionDays: deps.policy.replayDays,
  });
  return {
    bus,
    publisher: createPublisher(deps, bus),
    subscribers: subscriptions.map((subscription) => createSubscriber(deps, bus, subscription)),
  };
};

const maxArchiveName = 48;

/** The stream is the outbox (D5). It forgets after 24 hours, so the publisher may try for most of that. */
const createPublisher = ({ lambda, data }: Deps, bus: sst.aws.Bus) => {
  const deadLetters = createDeadLetters("publish-events");
  guardQueue("publish-events-dead-letters", deadLetters);
  const { access } = lambda;
  const publisher = lambda.create("publish-events", {
    timeoutSec: 60,
    memoryMb: 256,
    grants: [access.readsStreamOfEvents, access.publishes(bus), access.sendsTo(deadLetters)],
  });
  new aws.lambda.EventSourceMapping("PublishEventsSource", {
    eventSourceArn: data.tables.events.nodes.table.streamArn,
    functionName: publisher.fn.name,
    startingPosition: "TRIM_HORIZON",
    batchSize: 100,
    parallelizationFactor: 4,
    filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ["INSERT"] }) }] },
    functionResponseTypes: ["ReportBatchItemFailures"],
    // A commit that can't be published is found by halving; it waits for `hilo audit` and holds up nobody else for ever.
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 100,
    maximumRecordAgeInSeconds: 6 * 3600,
    destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
  });
  return { lambda: publisher, deadLetters };
};

export type Subscriber = {
  subscription: Subscription;
  lambda: Lambda;
  queue: sst.aws.Queue;
  deadLetters: sst.aws.Queue;
};

const createSubscriber = (deps: Deps, bus: sst.aws.Bus, subscription: Subscription): Subscriber => {
  const { name, pattern, batchSize, concurrency, visibilityTimeoutSec, receivesMax } = subscription;
  const logical = logicalName(name);
  const deadLetters = createDeadLetters(name);
  const queue = createQueue(name, { visibilityTimeoutSec, receivesMax, deadLetters });
  const rule = new aws.cloudwatch.EventRule(`${logical}Rule`, {
    name: physicalName(name),
    eventBusName: bus.name,
    eventPattern: JSON.stringify(pattern),
  });
  guardQueue(`${name}-queue`, queue, rule);
  guardQueue(`${name}-dead-letters`, deadLetters, rule);
  new aws.cloudwatch.EventTarget(`${logical}Target`, {
    eventBusName: bus.name,
    rule: rule.name,
    targetId: name,
    arn: queue.arn,
    retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 100 },
    deadLetterConfig: { arn: deadLetters.arn },
  });
  const lambda = deps.lambda.create(name, {
    // A message is invisible for twice the time that its function may take.
    timeoutSec: Math.floor(visibilityTimeoutSec / 2),
    ...needs(deps, subscription, queue),
  });
  new aws.lambda.EventSourceMapping(`${logical}Source`, {
    eventSourceArn: queue.arn,
    functionName: lambda.fn.name,
    batchSize,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: concurrency * deps.policy.scale },
  });
  return { subscription, lambda, queue, deadLetters };
};

type Needs = Omit<LambdaArgs, "timeoutSec">;

const needs = (deps: Deps, { name, folder }: Subscription, queue: sst.aws.Queue): Needs => {
  const { access } = deps.lambda;
  const isCommand = folder === "commands";
  const own = isCommand ? commands(deps)[name] : projection(deps);
  if (!own) throw new Error(`stacks/routing.ts does not say what ${name} needs`);
  // Projections never wait, so they put nothing back.
  const queueing = [access.takesFrom(queue), ...(isCommand ? [access.putsBackInto(queue)] : [])];
  return { ...own, grants: [...queueing, ...own.grants] };
};

const projection = ({ lambda: { access } }: Deps): Needs => ({
  memoryMb: 256,
  grants: [access.readsEvents, access.keepsViews, access.opensData],
});

const inside = ({ network }: Cache): Pick<LambdaArgs, "network"> => (network ? { network } : {});

const commands = ({
  lambda: { access },
  secrets,
  settings,
  cache,
  notices,
  knowledge,
}: Deps): Record<string, Needs> => {
  const changesConversations: Grant[][] = [access.appendsEvents, access.sealsData, access.keepsLimits];
  const templates = templatesOf(settings);
  const answers = answersOf(settings, knowledge);
  const summaries = summariesOf(settings);
  const { HILO_NOTIFY_FROM: from, HILO_NOTIFY_TO: to, HILO_CONVERSATION_LINK: link } = settings;
  const graph = {
    HILO_GRAPH_URL: settings.HILO_GRAPH_URL,
    HILO_GRAPH_VERSION: settings.HILO_GRAPH_VERSION,
  };
  return {
    "generate-reply": {
      memoryMb: 512,
      // the day's spending is counted in the table of limits, too
      grants: [...changesConversations, access.readsViews, ...answers.grants],
      environment: {
        ...graph,
        ...answers.environment,
        ...cache.environment,
        HILO_QUIET_MS: String(settings.HILO_QUIET_MS),
      },
      secrets: [secrets.graphToken],
      files: answers.files,
      ...inside(cache),
    },
    "summarise-context": {
      memoryMb: 256,
      // whoever is summarised has a key by then, so it makes none
      grants: [
        access.appendsEvents,
        access.opensData,
        access.keepsLimits,
        access.readsViews,
        ...summaries.grants,
      ],
      environment: { ...summaries.environment, ...cache.environment },
      files: summaries.files,
      ...inside(cache),
    },
    "send-message": {
      memoryMb: 256,
      grants: [...changesConversations, access.placesMessages],
      environment: {
        ...graph,
        ...templates.environment,
        HILO_NUMBER_PER_SECOND: String(settings.HILO_NUMBER_PER_SECOND),
      },
      secrets: [secrets.graphToken, secrets.pseudonymSecret],
      files: templates.files,
    },
    // Whoever these are about has a key by then, so they make none.
    "fetch-media": {
      memoryMb: 1024,
      grants: [access.appendsEvents, access.opensData, access.keepsMedia],
      environment: graph,
      secrets: [secrets.graphToken],
    },
    "notify-people": {
      memoryMb: 256,
      grants: [access.appendsEvents, access.opensData, access.notifies(notices, from)],
      environment: {
        HILO_CONVERSATION_LINK: link,
        HILO_NOTIFY_FROM: from,
        HILO_NOTIFY_TO: to.join(","),
      },
    },
  };
};
