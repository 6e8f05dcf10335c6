/** That somebody is woken when something stops, that logs end, and that costs have a limit. */
import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import {
  all,
  arnOf,
  change,
  faults,
  json,
  remove,
  replace,
  resources,
  type Graph,
  type Resource,
  type Rule,
} from "./graph.ts";

const Alarm = z.object({
  name: z.string(),
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).default({}),
  statistic: z.string().optional(),
  extendedStatistic: z.string().optional(),
  threshold: z.number(),
  alarmActions: z.array(z.string()).default([]),
});

const alarms = (graph: Graph) => all(graph, "alarm", Alarm);
const physical = ({ inputs }: Resource): string => String(inputs["name"]);

const isWatched = (graph: Graph, metric: string, dimension: string, value: string): boolean =>
  alarms(graph).some(
    ({ metricName, dimensions }) => metricName === metric && dimensions[dimension] === value,
  );

const isDeadLetters = ({ name }: Resource): boolean => name.includes("DeadLetters");

const Log = z.object({
  name: z.string(),
  retentionInDays: z.number().optional(),
  kmsKeyId: z.string().optional(),
});
const Lambda = z.object({
  name: z.string(),
  runtime: z.string(),
  architectures: z.array(z.string()),
  timeout: z.number(),
  loggingConfig: z.object({ logFormat: z.string(), logGroup: z.string() }).optional(),
});

/** Its headings, as in "### dead-letters-NAME", as the names of the alarms that they are about. */
const pages = readFileSync(path.resolve(import.meta.dirname, "../../docs/operations.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("### "))
  .map((line) => new RegExp(`^hilo-[^-]+-${line.slice(4).trim().replace("NAME", "[a-z][a-z-]*")}$`));

export const operationsRules: Record<string, Rule> = {
  "each function's errors, throttles and duration wake somebody": {
    check: (graph) =>
      faults(resources(graph, "function"), (fn) => {
        const missing = ["Errors", "Throttles", "Duration"].filter(
          (metric) => !isWatched(graph, metric, "FunctionName", physical(fn)),
        );
        return missing.length > 0 && `nobody watches ${missing.join(", ")}`;
      }),
    breaks: {
      errors: remove("alarm", "ErrorsReceiveWebhookAlarm"),
      throttles: remove("alarm", "ThrottlesAuthorizeAlarm"),
      duration: remove("alarm", "DurationQueriesAlarm"),
      "another function": change("alarm", "ErrorsContextAlarm", "dimensions.FunctionName", "x"),
    },
  },

  "each queue's age and all dead letters wake somebody": {
    check: (graph) =>
      faults(resources(graph, "queue"), (queue) => {
        const metric = isDeadLetters(queue)
          ? "ApproximateNumberOfMessagesVisible"
          : "ApproximateAgeOfOldestMessage";
        return !isWatched(graph, metric, "QueueName", physical(queue)) && `nobody watches ${metric}`;
      }),
    breaks: {
      "dead letters of a target": remove("alarm", "DeadLettersArchiveEventsAlarm"),
      "dead letters of the publisher": remove("alarm", "DeadLettersPublishEventsAlarm"),
      age: remove("alarm", "AgeContextAlarm"),
    },
  },

  "one dead letter is enough": {
    check: (graph) =>
      faults(
        alarms(graph),
        ({ name, threshold }) => name.includes("-dead-letters-") && threshold > 0 && "waits for more",
      ),
    breaks: { two: change("alarm", "DeadLettersContextAlarm", "threshold", 1) },
  },

  "every alarm has its page in docs/operations.md": {
    check: (graph) =>
      faults(
        alarms(graph),
        ({ name }) => !pages.some((page) => page.test(name)) && "nothing says what to do about it",
      ),
    breaks: {
      "one that is new": change("alarm", "IteratorAgeAlarm", "name", "hilo-production-surprise"),
      "one without a name": change("alarm", "AgeContextAlarm", "name", "hilo-production-age"),
    },
  },

  "a stream that falls behind wakes somebody": {
    check: (graph) =>
      alarms(graph).some(({ metricName }) => metricName === "IteratorAge") ? [] : ["nobody"],
    breaks: { "no alarm": remove("alarm", "IteratorAgeAlarm") },
  },

  "one reply in ten being slow, dear or without a model wakes somebody, by metrics that are written": {
    check: (graph) => {
      const written = all(graph, "metricFilter", MetricFilter).map(
        ({ metricTransformation }) => metricTransformation.name,
      );
      return Object.entries({
        ReplyLatency: "p90",
        ConversationCost: "p90",
        WithoutModel: "Average",
      }).flatMap(([name, statistic]) => {
        const metric = `${graph.app.stage}-${name}`;
        const alarm = alarms(graph).find((each) => each.namespace === "Hilo" && each.metricName === metric);
        if (!alarm) return [`nobody watches ${metric}`];
        if ((alarm.extendedStatistic ?? alarm.statistic) !== statistic)
          return [`${metric} is no ${statistic}`];
        return written.includes(metric) ? [] : [`nobody writes ${metric}`];
      });
    },
    breaks: {
      "no alarm": remove("alarm", "ReplyLatencyAlarm"),
      "an average": change("alarm", "ConversationCostAlarm", "extendedStatistic", undefined),
      "no metric": remove("metricFilter", "ReplyLatencyMetric"),
      "nobody hears that models can't be asked": remove("alarm", "AnswersWithoutModelAlarm"),
      "a sum": change("alarm", "AnswersWithoutModelAlarm", "statistic", "Sum"),
    },
  },

  "every alarm tells the topic, which only our own alarms and budgets may write to": {
    check: (graph) => {
      const topic = resources(graph, "topic").find(({ name }) => name === "Alerts");
      const [policy] = all(graph, "topicPolicy", z.object({ arn: z.string(), policy: z.string() }));
      return [
        ...faults(
          alarms(graph),
          ({ alarmActions }) => alarmActions.join() !== topic?.outputs["arn"] && "tells nobody",
        ),
        ...(topic?.inputs["kmsMasterKeyId"] ? [] : ["not encrypted"]),
        ...(policy?.policy.includes("aws:SourceAccount") ? [] : ["anybody may write"]),
      ];
    },
    breaks: {
      nobody: change("alarm", "IteratorAgeAlarm", "alarmActions", []),
      "not encrypted": change("topic", "Alerts", "kmsMasterKeyId", undefined),
      anybody: replace("topicPolicy", "AlertsPolicy", "aws:SourceAccount", "aws:Nobody"),
    },
  },

  "logs end, are encrypted with our key, and each function has its own": {
    check: (graph) => {
      const logs = all(graph, "log", Log);
      return [
        ...faults(logs, ({ retentionInDays, kmsKeyId }) => {
          if (!retentionInDays || retentionInDays > 90) return "is kept too long";
          return !kmsKeyId && "not our key";
        }),
        ...faults(all(graph, "function", Lambda), ({ name, loggingConfig }) => {
          if (loggingConfig?.logFormat !== "JSON") return "no JSON";
          return (
            !(
              loggingConfig.logGroup.endsWith(name) && logs.some((log) => log.name === loggingConfig.logGroup)
            ) && "no log"
          );
        }),
      ];
    },
    breaks: {
      "for ever": change("log", "ContextLog", "retentionInDays", undefined),
      "AWS's key": change("log", "ApiAccessLog", "kmsKeyId", undefined),
      "no log": remove("log", "TranscriptLog"),
      text: change("function", "ContextFunction", "loggingConfig.logFormat", "Text"),
    },
  },

  "functions run on Node 24, on arm64, and not for ever": {
    check: (graph) =>
      faults(all(graph, "function", Lambda), ({ name, runtime, architectures, timeout }) => {
        if (runtime !== "nodejs24.x" || architectures.join() !== "arm64") return "elsewhere";
        // it reads the whole log, and nobody waits for it
        return timeout > (name.endsWith("-forget-idle") ? 900 : 60) && "too long";
      }),
    breaks: {
      "an old Node": change("function", "ContextFunction", "runtime", "nodejs20.x"),
      x86: change("function", "ContextFunction", "architectures", ["x86_64"]),
      long: change("function", "PublishEventsFunction", "timeout", 900),
    },
  },

  "the dashboard shows every function and queue": {
    check: (graph) => {
      const [dashboard] = all(graph, "dashboard", z.object({ dashboardBody: json(z.unknown()) }));
      const text = JSON.stringify(dashboard?.dashboardBody ?? "");
      const shown = [...resources(graph, "function"), ...resources(graph, "queue")];
      return faults(shown, (each) => !text.includes(`"${physical(each)}"`) && "is not shown");
    },
    breaks: {
      "no dashboard": remove("dashboard", "Dashboard"),
      "a function": replace("dashboard", "Dashboard", "-send-message", "-x"),
    },
  },

  "a budget tells before it is spent": {
    check: (graph) => {
      const [budget] = all(graph, "budget", Budget);
      const topic = arnOf(graph, "topic", "Alerts");
      if (!budget) return ["no budget"];
      if (!budget.costFilters[0]?.values[0]?.endsWith(`$${graph.app.stage}`)) return ["not this stage's"];
      return budget.notifications.length >= 2 &&
        budget.notifications.every(({ subscriberSnsTopicArns }) => subscriberSnsTopicArns.join() === topic)
        ? []
        : ["tells nobody"];
    },
    breaks: {
      "no budget": remove("budget", "Budget"),
      nobody: change("budget", "Budget", "notifications", []),
      "another stage's": replace("budget", "Budget", "user:sst:stage$", "user:sst:app$x"),
    },
  },

  "production records who touches the tables other than through Hilo": {
    check: (graph) => {
      if (graph.app.stage !== "production") return [];
      const [trail] = all(graph, "trail", Trail);
      if (!trail) return ["no trail"];
      const fields = trail.advancedEventSelectors.flatMap(({ fieldSelectors }) => fieldSelectors);
      const arns = fields.find(({ field }) => field === "resources.ARN")?.startsWiths ?? [];
      return [
        ...faults(
          resources(graph, "table"),
          ({ outputs }) => !arns.includes(String(outputs["arn"])) && "is not recorded",
        ),
        ...(trail.enableLogFileValidation && trail.kmsKeyId ? [] : ["can be forged or read"]),
      ];
    },
    breaks: {
      "no trail": remove("trail", "AuditTrail"),
      "a table": replace("trail", "AuditTrail", "KeysTable", "Nothing"),
      forged: change("trail", "AuditTrail", "enableLogFileValidation", false),
    },
  },
};

const MetricFilter = z.object({ metricTransformation: z.object({ name: z.string() }) });
const Budget = z.object({
  costFilters: z.array(z.object({ values: z.array(z.string()) })),
  notifications: z.array(z.object({ subscriberSnsTopicArns: z.array(z.string()) })),
});
const Trail = z.object({
  enableLogFileValidation: z.boolean().default(false),
  kmsKeyId: z.string().optional(),
  advancedEventSelectors: z.array(
    z.object({
      fieldSelectors: z.array(z.object({ field: z.string(), startsWiths: z.array(z.string()).optional() })),
    }),
  ),
});
