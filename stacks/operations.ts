/** What wakes somebody up, and what they look at then. Alarms are named after what they watch. */
import type { Api } from "./api.ts";
import type { Archive } from "./archive.ts";
import type { Data } from "./data.ts";
import type { Lambda, Lambdas } from "./lambda.ts";
import { accountId, logicalName, physicalName, regionName } from "./names.ts";
import type { Eraser } from "./erasure.ts";
import type { Routing } from "./routing.ts";
import type { Settings } from "./settings.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = {
  policy: StagePolicy;
  settings: Settings;
  data: Data;
  lambda: Lambdas;
  routing: Routing;
  archive: Archive;
  api: Api;
  erasure: Eraser[];
};

export type Alerts = ReturnType<typeof createOperations>;

const namespace = "Hilo";
const minutes = 60;

export const createOperations = (deps: Deps) => {
  const topic = createTopic(deps);
  const alarm = alarms(topic);
  for (const lambda of deps.lambda.all) watchLambda(alarm, lambda);
  watchPublisher(alarm, deps.routing);
  for (const { subscription, queue, deadLetters } of deps.routing.subscribers) {
    watchAge(alarm, subscription.name, queue);
    watchDeadLetters(alarm, subscription.name, deadLetters);
  }
  watchDeadLetters(alarm, "publish-events", deps.routing.publisher.deadLetters);
  watchDeadLetters(alarm, deps.archive.name, deps.archive.deadLetters);
  for (const { lambda, deadLetters } of deps.erasure) watchDeadLetters(alarm, lambda.name, deadLetters);
  watchReplies(alarm, deps);
  if (deps.settings.HILO_TRACING === "opentelemetry") sampleTraces(deps.policy);
  return { topic, dashboardName: createDashboard(deps).dashboardName };
};

const createTopic = ({ settings, data }: Deps): aws.sns.Topic => {
  const topic = new aws.sns.Topic("Alerts", {
    name: physicalName("alerts"),
    kmsMasterKeyId: data.atRest.arn,
  });
  new aws.sns.TopicPolicy("AlertsPolicy", {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sns:Publish"],
          resources: [topic.arn],
          principals: [
            { type: "Service", identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
          ],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId()] }],
        },
      ],
    }).json,
  });
  if (settings.HILO_ALERT_EMAIL)
    new aws.sns.TopicSubscription("AlertsEmail", {
      topic: topic.arn,
      protocol: "email",
      endpoint: settings.HILO_ALERT_EMAIL,
    });
  return topic;
};

type AlarmArgs = {
  description: string;
  namespace: string;
  metric: string;
  dimensions?: Record<string, $util.Input<string>>;
  /** `p90` and the like, or a plain statistic. */
  statistic: string;
  above: number;
  periodSec: number;
  /** Periods in a row. */
  periods: number;
};

type MakeAlarm = (name: string, args: AlarmArgs) => void;

/** Named as in `hilo-production-dead-letters-send-message`. */
const alarms =
  (topic: aws.sns.Topic): MakeAlarm =>
  (name, { description, namespace, metric, dimensions, statistic, above, periodSec, periods }) =>
    void new aws.cloudwatch.MetricAlarm(`${logicalName(name)}Alarm`, {
      name: physicalName(name),
      alarmDescription: description,
      namespace,
      metricName: metric,
      dimensions,
      ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
      comparisonOperator: "GreaterThanThreshold",
      threshold: above,
      period: periodSec,
      evaluationPeriods: periods,
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });

const watchLambda = (alarm: MakeAlarm, { name, fn, timeoutSec }: Lambda): void => {
  const of = { namespace: "AWS/Lambda", dimensions: { FunctionName: fn.name }, periodSec: 5 * minutes };
  alarm(`errors-${name}`, {
    ...of,
    description: `${name} throws: what it was given comes again, and ends in the dead letters if that goes on.`,
    metric: "Errors",
    statistic: "Sum",
    above: 5,
    periods: 1,
  });
  alarm(`throttles-${name}`, {
    ...of,
    description: `${name} is held back: the account's concurrency is used up.`,
    metric: "Throttles",
    statistic: "Sum",
    above: 0,
    periods: 2,
  });
  alarm(`duration-${name}`, {
    ...of,
    description: `${name} takes nearly as long as it may.`,
    metric: "Duration",
    statistic: "p99",
    above: timeoutSec * 1000 * 0.8,
    periods: 3,
  });
};

const watchPublisher = (alarm: MakeAlarm, { publisher }: Routing): void =>
  alarm("iterator-age", {
    description: "Events wait in the table's stream, which forgets after 24 hours.",
    namespace: "AWS/Lambda",
    metric: "IteratorAge",
    dimensions: { FunctionName: publisher.lambda.fn.name },
    statistic: "Maximum",
    above: 60_000,
    periodSec: minutes,
    periods: 3,
  });

const watchAge = (alarm: MakeAlarm, name: string, queue: sst.aws.Queue): void =>
  alarm(`age-${name}`, {
    description: `Messages wait in the queue of ${name}.`,
    namespace: "AWS/SQS",
    metric: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    above: 5 * minutes,
    periodSec: minutes,
    periods: 3,
  });

const watchDeadLetters = (alarm: MakeAlarm, name: string, queue: sst.aws.Queue): void =>
  alarm(`dead-letters-${name}`, {
    description: `${name} gave something up: look at it with hilo dlq, then redrive it.`,
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    above: 0,
    periodSec: minutes,
    periods: 1,
  });

/** Taken from log lines, which cost less than a metric per reply. */
const watchReplies = (alarm: MakeAlarm, { lambda }: Deps): void => {
  const logOf = (name: string) => {
    const found = lambda.all.find((each) => each.name === name);
    if (!found) throw new Error(`no function ${name}`);
    return found.log.name;
  };
  const metric = (name: string, of: string, message: string, field: string, unit: string) =>
    new aws.cloudwatch.LogMetricFilter(`${name}Metric`, {
      name: physicalName(name),
      logGroupName: logOf(of),
      pattern: `{ $.message = "${message}" && $.${field} = * }`,
      metricTransformation: { namespace, name: `${$app.stage}-${name}`, value: `$.${field}`, unit },
    });
  metric("ReplyLatency", "send-message", "reply sent", "durationMs", "Milliseconds");
  metric("ConversationCost", "generate-reply", "reply generated", "conversationCostUsd", "None");
  metric("WithoutModel", "generate-reply", "reply generated", "withoutModel", "None");
  alarm("reply-latency", {
    description: "One reply in ten takes longer than two seconds from the customer's message to WhatsApp.",
    namespace,
    metric: `${$app.stage}-ReplyLatency`,
    statistic: "p90",
    above: 2_000,
    periodSec: 5 * minutes,
    periods: 3,
  });
  alarm("conversation-cost", {
    description: "One conversation in ten costs more than 25 cents of model use.",
    namespace,
    metric: `${$app.stage}-ConversationCost`,
    statistic: "p90",
    above: 0.25,
    periodSec: 60 * minutes,
    periods: 1,
  });
  alarm("answers-without-model", {
    description: "One answer in ten repeats passages, because no model could be asked.",
    namespace,
    metric: `${$app.stage}-WithoutModel`,
    statistic: "Average",
    above: 0.1,
    periodSec: 15 * minutes,
    periods: 1,
  });
};

const sampleTraces = ({ traceSampling }: StagePolicy): void =>
  void new aws.xray.SamplingRule("Sampling", {
    ruleName: physicalName("sampling").slice(0, 32),
    priority: 1_000,
    version: 1,
    reservoirSize: 1,
    fixedRate: traceSampling,
    host: "*",
    httpMethod: "*",
    urlPath: "*",
    serviceType: "*",
    serviceName: physicalName("*"),
    resourceArn: "*",
  });

type Metric = [string, string, string, $util.Input<string>, { stat: string }];

const createDashboard = ({ lambda, routing, archive, api, erasure }: Deps): aws.cloudwatch.Dashboard => {
  const ofLambda = (metric: string, stat: string) =>
    lambda.all.map(({ fn }): Metric => ["AWS/Lambda", metric, "FunctionName", fn.name, { stat }]);
  const ofQueue = (metric: string, queues: sst.aws.Queue[]) =>
    queues.map((queue): Metric => [
      "AWS/SQS",
      metric,
      "QueueName",
      queue.nodes.queue.name,
      { stat: "Maximum" },
    ]);
  const queues = routing.subscribers.map(({ queue }) => queue);
  const deadLetters = [...routing.subscribers, routing.publisher, archive, ...erasure].map(
    (each) => each.deadLetters,
  );
  const replies = (name: string, stat: string) => [[namespace, `${$app.stage}-${name}`, { stat }]];
  const ofApi = (metric: string, stat: string): Metric => [
    "AWS/ApiGateway",
    metric,
    "ApiName",
    api.api.nodes.api.name,
    { stat },
  ];
  const charts: [string, unknown[]][] = [
    ["Replies: latency (p90, ms)", replies("ReplyLatency", "p90")],
    ["Replies: without a model (share)", replies("WithoutModel", "Average")],
    ["Conversations: cost (p90, $)", replies("ConversationCost", "p90")],
    ["Requests", [ofApi("Count", "Sum"), ofApi("4XXError", "Sum"), ofApi("5XXError", "Sum")]],
    ["Requests: latency (ms)", [ofApi("Latency", "p50"), ofApi("Latency", "p99")]],
    ["Errors", ofLambda("Errors", "Sum")],
    ["Duration (p99, ms)", ofLambda("Duration", "p99")],
    ["Oldest message (s)", ofQueue("ApproximateAgeOfOldestMessage", queues)],
    ["Dead letters", ofQueue("ApproximateNumberOfMessagesVisible", deadLetters)],
    [
      "Stream: age (ms)",
      [["AWS/Lambda", "IteratorAge", "FunctionName", routing.publisher.lambda.fn.name, { stat: "Maximum" }]],
    ],
  ];
  const region = regionName();
  return new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: physicalName("hilo"),
    dashboardBody: $jsonStringify({
      widgets: charts.map(([title, metrics], index) => ({
        type: "metric",
        x: (index % 2) * 12,
        y: Math.floor(index / 2) * 6,
        width: 12,
        height: 6,
        properties: { title, metrics, region, period: 5 * minutes, view: "timeSeries" },
      })),
    }),
  });
};
