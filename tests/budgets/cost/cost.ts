/** From what an exchange asked of AWS to what it costs. */
import type { Exchange } from "../recorded-conversation.ts";
import { assumed, rateCard } from "./rate-card.ts";

export type Line = {
  service: string;
  /** What is counted, and how it was: "measured" or "assumed". */
  what: string;
  count: number;
  known: "measured" | "assumed";
  usd: number;
};

const million = 1_000_000;
const gigabyte = 1024 ** 3;

/** Line by line, in US dollars, for one message with its reply and three statuses. */
export const costOf = (exchange: Exchange): Line[] => {
  const { webhooks, commits, events, delivered, kmsRequests, logBytes, storedBytes } = exchange;
  const subscribers = Object.values(delivered);
  const messages = subscribers.reduce((sum, each) => sum + each.messages, 0);
  const invocations = subscribers.reduce((sum, each) => sum + each.invocations, 0);
  const gbSeconds = billedGbSeconds(exchange);
  const units = (unit: "writeUnits" | "readUnits") =>
    exchange.calls.reduce((sum, call) => sum + call[unit], 0);
  const { edge, lambda, dynamo, eventBridge, sqs, kms, logs } = rateCard;
  const measured = (service: string, what: string, count: number, perMillion: number): Line => ({
    service,
    what,
    count,
    known: "measured",
    usd: (count * perMillion) / million,
  });
  return [
    measured("CloudFront", "requests", webhooks, edge.cloudFront),
    measured("WAF", "requests", webhooks, edge.waf),
    measured("API Gateway", "requests", webhooks, edge.apiGateway),
    measured("Lambda", "invocations", webhooks + commits + invocations, lambda.invocations),
    {
      service: "Lambda",
      what: "GB-seconds",
      count: gbSeconds,
      known: "assumed",
      usd: gbSeconds * lambda.gbSecond,
    },
    measured("DynamoDB", "write units", units("writeUnits"), dynamo.write),
    measured("DynamoDB", "read units", units("readUnits"), dynamo.read),
    {
      service: "DynamoDB",
      what: `bytes of events, for ${assumed.storedMonths} months, with recovery`,
      count: storedBytes,
      known: "measured",
      usd: (storedBytes / gigabyte) * assumed.storedMonths * (dynamo.storage + dynamo.recovery),
    },
    measured("EventBridge", "events", events, eventBridge.events),
    // sent by the bus one by one; received and deleted by the batch
    measured("SQS", "requests", messages + 2 * invocations, sqs),
    measured("KMS", "requests", kmsRequests, kms),
    {
      service: "CloudWatch",
      what: "bytes of our log lines",
      count: logBytes,
      known: "measured",
      usd: (logBytes / gigabyte) * logs,
    },
  ];
};

/** As if no two calls ran at the same time: the most that can be billed. */
const billedGbSeconds = ({ calls, webhooks, commits, delivered, kmsRequests }: Exchange): number => {
  const callsMs = (of: (during: string) => boolean) =>
    calls.filter(({ during }) => of(during)).length * assumed.dynamoCallMs;
  const invocationsMs = (count: number) => count * assumed.ownMs;
  const subscribers = Object.entries(delivered).map(([name, { invocations }]) => {
    const waitMs = invocations * (waitsMs[name] ?? 0);
    const ms = callsMs((during) => during === name) + invocationsMs(invocations) + waitMs;
    return ms * (name === "generate-reply" ? assumed.largeMemoryGb : assumed.memoryGb);
  });
  const atTheWebhook = callsMs((during) => !(during in delivered)) + invocationsMs(webhooks);
  const publishing = invocationsMs(commits) + commits * assumed.publishMs + kmsRequests * assumed.kmsCallMs;
  const ofSubscribers = subscribers.reduce((sum, each) => sum + each, 0);
  return (ofSubscribers + publishing * assumed.memoryGb + atTheWebhook * assumed.largeMemoryGb) / 1_000;
};

const waitsMs: Record<string, number> = {
  "generate-reply": assumed.quietMs + assumed.modelMs,
  "send-message": assumed.graphMs,
};
