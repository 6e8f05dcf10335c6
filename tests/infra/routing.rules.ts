/** That every event gets to everyone who listens, once at least, and that what can't is kept. */
import * as z from "zod";
import { deadLettersName, queueName } from "#core/store/sqs-names.ts";
import { subscriptions } from "#core/subscriptions.ts";
import {
  add,
  all,
  change,
  faults,
  json,
  remove,
  replace,
  resources,
  statements,
  variables,
  type Graph,
  type Rule,
} from "./graph.ts";

const EventRule = z.object({
  name: z.string(),
  eventBusName: z.string(),
  eventPattern: json(z.unknown()),
  state: z.string().optional(),
});
const Target = z.object({
  rule: z.string(),
  arn: z.string(),
  deadLetterConfig: z.object({ arn: z.string() }).optional(),
  retryPolicy: z
    .object({ maximumEventAgeInSeconds: z.number(), maximumRetryAttempts: z.number() })
    .optional(),
});
const Queue = z.object({
  name: z.string(),
  visibilityTimeoutSeconds: z.number().optional(),
  messageRetentionSeconds: z.number().optional(),
  sqsManagedSseEnabled: z.boolean().optional(),
  redrivePolicy: json(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })).optional(),
});
const Source = z.object({
  eventSourceArn: z.string(),
  functionName: z.string(),
  batchSize: z.number(),
  functionResponseTypes: z.array(z.string()).default([]),
  scalingConfig: z.object({ maximumConcurrency: z.number() }).optional(),
  bisectBatchOnFunctionError: z.boolean().default(false),
  maximumRetryAttempts: z.number().default(-1),
  maximumRecordAgeInSeconds: z.number().default(-1),
  startingPosition: z.string().optional(),
  destinationConfig: z.object({ onFailure: z.object({ destinationArn: z.string() }) }).optional(),
});
const Lambda = z.object({
  name: z.string(),
  timeout: z.number(),
  role: z.string(),
  environment: z.object({ variables }),
});

/** The queues that a role may send to. */
const sendingOf = (graph: Graph, role: string | undefined): string[] =>
  statements(graph)
    .filter(({ arn }) => arn === role)
    .filter(({ statement: { Effect, Action } }) => Effect === "Allow" && Action.includes("sqs:SendMessage"))
    .flatMap(({ statement: { Resource = [] } }) => Resource);

const queues = (graph: Graph) => all(graph, "queue", Queue);
const isQueue = (arn: string | undefined): boolean => arn?.startsWith("arn:aws:sqs:") ?? false;
const sources = (graph: Graph) => all(graph, "source", Source);

/** The queue, its source and its function, as the row of the table named it. */
const chain = (graph: Graph, name: string) => {
  const physical = `hilo-${graph.app.stage}-${name}`;
  const rule = all(graph, "rule", EventRule).find((each) => each.name === physical);
  const target = all(graph, "target", Target).find((each) => each.rule === physical);
  const queue = queues(graph).find(({ arn }) => arn === target?.arn);
  const source = sources(graph).find(({ eventSourceArn }) => eventSourceArn === queue?.arn);
  const lambda = all(graph, "function", Lambda).find((each) => each.name === source?.functionName);
  return { rule, target, queue, source, lambda };
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const routingRules: Record<string, Rule> = {
  "each subscription is a rule with its very pattern, a queue and its function": {
    check: (graph) =>
      faults(subscriptions, ({ name, pattern }) => {
        const { rule, queue, lambda } = chain(graph, name);
        if (!rule || rule.state === "DISABLED") return "no rule";
        if (!same(rule.eventPattern, pattern)) return "another pattern";
        if (!rule.eventBusName.includes("Bus")) return "another bus";
        if (!queue) return "no queue";
        if (queue.name !== queueName(graph.app.stage, name)) return "hilo dlq would not find the queue";
        return lambda?.name !== rule.name && "no function";
      }),
    breaks: {
      "another pattern": replace("rule", "SendMessageRule", "SendRequested", "SendWished"),
      "no rule": remove("rule", "TranscriptRule"),
      "no target": remove("target", "ContextTarget"),
      "no source": remove("source", "ContextSource"),
      "another name": change("queue", "ContextQueueQueue", "name", "hilo-context"),
      "a disabled rule": change("rule", "ContextRule", "state", "DISABLED"),
    },
  },

  "each queue hands out as its row says, and takes back what failed alone": {
    check: (graph) =>
      faults(subscriptions, ({ name, batchSize, visibilityTimeoutSec }) => {
        const { queue, source, lambda } = chain(graph, name);
        if (!queue || !source || !lambda) return "no queue, source or function";
        if (source.batchSize !== batchSize) return "another batch size";
        if (!source.functionResponseTypes.includes("ReportBatchItemFailures")) return "fails as a whole";
        if (!source.scalingConfig) return "unbounded concurrency";
        if (queue.visibilityTimeoutSeconds !== visibilityTimeoutSec) return "another visibility timeout";
        return lambda.timeout * 2 > visibilityTimeoutSec && "visible again while it may still be worked on";
      }),
    breaks: {
      "whole batches": change("source", "SendMessageSource", "functionResponseTypes", []),
      "another batch size": change("source", "SendMessageSource", "batchSize", 1),
      unbounded: change("source", "SendMessageSource", "scalingConfig", undefined),
      "a short visibility timeout": change("queue", "ContextQueueQueue", "visibilityTimeoutSeconds", 30),
      "a slow function": change("function", "ContextFunction", "timeout", 31),
    },
  },

  "a command puts what must wait back into its own queue, and nobody into another's": {
    check: (graph) =>
      faults(subscriptions, ({ name, folder }) => {
        const { queue, lambda } = chain(graph, name);
        const sendsTo = sendingOf(graph, lambda?.role);
        const url = lambda?.environment.variables["HILO_QUEUE_URL"];
        if (folder === "projections")
          return (sendsTo.length > 0 || url !== undefined) && "puts something back";
        if (sendsTo.join() !== queue?.arn) return `sends to [${sendsTo.join()}]`;
        const own = resources(graph, "queue").find(({ outputs }) => outputs["arn"] === queue?.arn);
        return url !== own?.outputs["url"] && "is told of another queue";
      }),
    breaks: {
      "it may not": replace("role", "SendMessageRole", "sqs:SendMessage", "sqs:ReceiveMessage"),
      "another's": replace("role", "SendMessageRole", "0:hilo-production-send-", "0:hilo-production-other-"),
      "another's address": change(
        "function",
        "SendMessageFunction",
        "environment.variables.HILO_QUEUE_URL",
        "https://sqs.us-east-1.amazonaws.com/000000000000/hilo-production-generate-reply",
      ),
      "a projection": replace("role", "ContextRole", "sqs:ReceiveMessage", "sqs:SendMessage"),
    },
  },

  "each queue gives up into dead letters after the receives of its row": {
    check: (graph) =>
      faults(subscriptions, ({ name, receivesMax }) => {
        const { queue } = chain(graph, name);
        const redrive = queue?.redrivePolicy;
        if (!redrive) return "no dead letters";
        if (redrive.maxReceiveCount !== receivesMax) return "another number of receives";
        const letters = queues(graph).find(({ arn }) => arn === redrive.deadLetterTargetArn);
        if (!letters) return "no such queue";
        return letters.name !== deadLettersName(graph.app.stage, name) && "hilo dlq would not find them";
      }),
    breaks: {
      "no dead letters": change("queue", "SendMessageQueueQueue", "redrivePolicy", undefined),
      "other receives": replace(
        "queue",
        "SendMessageQueueQueue",
        '"maxReceiveCount":8',
        '"maxReceiveCount":80',
      ),
      "no such queue": remove("queue", "SendMessageDeadLettersQueue"),
      "another name": change("queue", "SendMessageDeadLettersQueue", "name", "hilo-dead-letters"),
    },
  },

  "each target has dead letters and bounded retries": {
    check: (graph) =>
      faults(all(graph, "target", Target), ({ deadLetterConfig, retryPolicy }) => {
        if (!isQueue(deadLetterConfig?.arn)) return "no dead letters";
        if (!retryPolicy) return "retries as long as EventBridge likes";
        return (
          (retryPolicy.maximumRetryAttempts > 185 || retryPolicy.maximumEventAgeInSeconds > 86_400) &&
          "unbounded"
        );
      }),
    breaks: {
      "no dead letters": change("target", "ArchiveEventsTarget", "deadLetterConfig", undefined),
      "default retries": change("target", "ContextTarget", "retryPolicy", undefined),
    },
  },

  "nothing invokes a function asynchronously past a queue": {
    check: (graph) =>
      faults(
        all(graph, "target", Target),
        ({ arn }) => arn.startsWith("arn:aws:lambda:") && "targets a function",
      ),
    breaks: {
      "a rule's target": change(
        "target",
        "ContextTarget",
        "arn",
        "arn:aws:lambda:us-east-1:0:function:context",
      ),
    },
  },

  "what is invoked without waiting for it keeps what it could not do": {
    check: (graph) => {
      const reached = new Set([
        ...sources(graph).map(({ functionName }) => functionName),
        ...all(graph, "invokePermission", z.object({ function: z.string() })).map((each) => each.function),
      ]);
      const configs = all(graph, "invokeConfig", InvokeConfig);
      const free = all(graph, "function", Lambda).filter(
        ({ name, arn }) => ![...reached].some((one) => one === name || one === arn),
      );
      return [
        ...(free.length > 0 ? [] : ["nothing is invoked by name"]),
        ...faults(free, ({ name, role }) => {
          const config = configs.find(({ functionName }) => functionName === name);
          const letters = config?.destinationConfig?.onFailure.destination;
          if (!config || !isQueue(letters)) return "loses what failed";
          return !sendingOf(graph, role).includes(String(letters)) && "may not send to its dead letters";
        }),
      ];
    },
    breaks: {
      "AWS's default": remove("invokeConfig", "EraseContactInvocations"),
      "nowhere to go": change("invokeConfig", "EraseContactInvocations", "destinationConfig", undefined),
      "it may not": replace("role", "EraseContactRole", "sqs:SendMessage", "sqs:ReceiveMessage"),
      "another function": change("source", "ContextSource", "functionName", "other"),
    },
  },

  "where people are forgotten by time, they are every six hours, by a role that may do that alone": {
    check: (graph) => {
      const lambda = all(graph, "function", Lambda).find(({ name }) => name.endsWith("-forget-idle"));
      const [schedule, ...more] = all(graph, "schedule", Schedule);
      if (!lambda && !schedule) return [];
      if (!lambda || !schedule || more.length > 0) return ["not one function and its schedule"];
      const { target, scheduleExpression } = schedule;
      const may = statements(graph).filter(({ arn }) => arn === target.roleArn);
      const wanted = [
        `lambda:InvokeFunction ${lambda.arn}`,
        `sqs:SendMessage ${target.deadLetterConfig?.arn}`,
      ];
      const days = lambda.environment.variables["HILO_RETENTION_DAYS"];
      return [
        ...(schedule.state === "DISABLED" || scheduleExpression !== "rate(6 hours)"
          ? ["at other times"]
          : []),
        ...(target.arn === lambda.arn ? [] : ["invokes another function"]),
        ...(isQueue(target.deadLetterConfig?.arn) ? [] : ["loses what it could not invoke"]),
        ...(same(
          may.map(({ statement: { Action, Resource = [] } }) => `${Action.join()} ${Resource.join()}`),
          wanted,
        )
          ? []
          : ["its role may do something else"]),
        ...(Number(days) > 0 ? [] : ["after no time that is set"]),
      ];
    },
    breaks: {
      "no schedule": remove("schedule", "ForgetIdleSchedule"),
      "a schedule that is off": change("schedule", "ForgetIdleSchedule", "state", "DISABLED"),
      "once a day": change("schedule", "ForgetIdleSchedule", "scheduleExpression", "rate(1 day)"),
      "another function": replace("schedule", "ForgetIdleSchedule", "-forget-idle", "-erase-contact"),
      "no dead letters": change("schedule", "ForgetIdleSchedule", "target.deadLetterConfig", undefined),
      "a wider role": replace("role", "ForgetIdleScheduleRole", ":function:hilo", ":function:*"),
      "no days": change("function", "ForgetIdleFunction", "environment.variables.HILO_RETENTION_DAYS", "0"),
    },
  },

  "queues keep what waits in them for 14 days, encrypted": {
    check: (graph) =>
      faults(queues(graph), ({ messageRetentionSeconds, sqsManagedSseEnabled }) => {
        if (messageRetentionSeconds !== 14 * 86_400) return "forgets earlier";
        return !sqsManagedSseEnabled && "not encrypted";
      }),
    breaks: {
      "the default of 4 days": change(
        "queue",
        "ContextDeadLettersQueue",
        "messageRetentionSeconds",
        undefined,
      ),
      "not encrypted": change("queue", "ContextQueueQueue", "sqsManagedSseEnabled", undefined),
    },
  },

  "the publisher reads the stream from its start, in bounded tries, and keeps what it can't publish": {
    check: (graph) => {
      const streams = sources(graph).filter(({ eventSourceArn }) => eventSourceArn.includes("/stream/"));
      if (streams.length !== 1) return ["not one source on the stream"];
      return faults(streams, (source) => {
        if (source.startingPosition !== "TRIM_HORIZON") return "misses what is there";
        if (!source.functionResponseTypes.includes("ReportBatchItemFailures")) return "fails as a whole";
        if (!source.bisectBatchOnFunctionError) return "one bad record holds up all";
        if (source.maximumRetryAttempts < 1) return "tries for ever";
        if (source.maximumRecordAgeInSeconds < 1 || source.maximumRecordAgeInSeconds >= 86_400)
          return "tries until the stream forgets";
        return !isQueue(source.destinationConfig?.onFailure.destinationArn) && "loses what failed";
      });
    },
    breaks: {
      "no bisecting": change("source", "PublishEventsSource", "bisectBatchOnFunctionError", false),
      "for ever": change("source", "PublishEventsSource", "maximumRetryAttempts", undefined),
      "any age": change("source", "PublishEventsSource", "maximumRecordAgeInSeconds", undefined),
      "nowhere to go": change("source", "PublishEventsSource", "destinationConfig", undefined),
      "whole batches": change("source", "PublishEventsSource", "functionResponseTypes", []),
      latest: change("source", "PublishEventsSource", "startingPosition", "LATEST"),
      "another reader": add("source", "OtherSource", {
        eventSourceArn: "arn:aws:dynamodb:us-east-1:0:table/t/stream/x",
        functionName: "f",
        batchSize: 1,
      }),
    },
  },

  "every event is archived: on the bus for replays, and in S3 by day as lines of JSON": {
    check: (graph) => {
      const [archive] = all(graph, "archive", z.object({ retentionDays: z.number() }));
      const [delivery] = all(graph, "delivery", Delivery);
      const target = all(graph, "target", Target).find(({ arn }) => arn === delivery?.arn);
      const rule = all(graph, "rule", EventRule).find(({ name }) => name === target?.rule);
      const [table] = all(
        graph,
        "glueTable",
        z.object({ storageDescriptor: z.object({ location: z.string() }) }),
      );
      const s3 = delivery?.extendedS3Configuration;
      return [
        ...(archive ? [] : ["no archive on the bus"]),
        ...(rule && same(rule.eventPattern, { source: ["hilo"] }) ? [] : ["not every event goes to S3"]),
        ...(s3?.prefix.startsWith("events/day=!{timestamp:") ? [] : ["not by day"]),
        ...(s3?.processingConfiguration?.processors.some(({ type }) => type === "AppendDelimiterToRecord")
          ? []
          : ["not a line each"]),
        ...(table?.storageDescriptor.location.endsWith("/events/") ? [] : ["no table where they are"]),
      ];
    },
    breaks: {
      "no archive": remove("archive", "BusArchive"),
      "some events only": replace("rule", "ArchiveEventsRule", 'hilo\\"]', 'hilo.x\\"]'),
      "one heap": replace("delivery", "ArchiveDeliveryStream", "day=", "heap="),
      "no line ends": change(
        "delivery",
        "ArchiveDeliveryStream",
        "extendedS3Configuration.processingConfiguration",
        undefined,
      ),
      "no table": remove("glueTable", "ArchiveTable"),
    },
  },
};

const Schedule = z.object({
  scheduleExpression: z.string(),
  state: z.string().optional(),
  target: z.object({
    arn: z.string(),
    roleArn: z.string(),
    deadLetterConfig: z.object({ arn: z.string() }).optional(),
  }),
});
const InvokeConfig = z.object({
  functionName: z.string(),
  destinationConfig: z.object({ onFailure: z.object({ destination: z.string() }) }).optional(),
});
const Delivery = z.object({
  extendedS3Configuration: z.object({
    prefix: z.string(),
    processingConfiguration: z.object({ processors: z.array(z.object({ type: z.string() })) }).optional(),
  }),
});
