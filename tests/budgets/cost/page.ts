import {
  catalogue,
  catalogueVersion,
  costOf,
  type CatalogueEntry,
} from "#core/clients/bedrock/model-catalogue.ts";
import { clientTable, assumed, rateCard } from "./rate-card.ts";
import type { Line } from "./cost.ts";

/** docs/cost.md, whole. */
export const costPage = (alone: readonly Line[], batched: readonly Line[]): string => `# What a message costs

One customer's message, its reply and the three statuses of that reply, in US dollars, before any free tier: ${rateCard.region}, on demand, prices as of ${rateCard.asOf}. \`npm run cost\` writes this page: it plays the exchange through the handlers on DynamoDB Local, counts what they ask of AWS, and multiplies by \`tests/budgets/cost/rate-card.ts\`.

*Alone* is a quiet hour, where each event reaches each view by itself. *Batched* is a busy one, where the events of an exchange reach a view in two batches.

| Service | What | Alone | $ | Batched | $ | |
|---|---|---|---|---|---|---|
${alone.map((line, index) => row(line, batched[index])).join("\n")}
| **All** | | | **${dollars(total(alone))}** | | **${dollars(total(batched))}** | |

## Beside the client's table

The client is whoever ordered Hilo; this is their estimate before there was anything to measure.

| | Client | Alone | Batched |
|---|---|---|---|
${beside(alone, batched)}

${verdict(batched)}

The table of the client has no line for the edge, the bus, keys, logs and storage: ${dollars(others(batched))} here.

## The model

An answer of ${usual.outputTokens} tokens to a prompt of ${usual.inputTokens}, without any luck with the prompt cache, by the prices of the catalogue of ${catalogueVersion}. The client says ${clientTable.model.map((usd) => `$${usd}`).join(" to ")} an answer; what each really took is recorded with it (\`ReplyGenerated\`).

| Model | $ an answer | Of the client's $${clientTable.model[0]} |
|---|---|---|
${catalogue.map(modelRow).join("\n")}

A question that needs a tool is asked twice. A long conversation is summarised now and then by a cheap model, which comes on top.

## Not in the table

- **WhatsApp.** Meta bills each message by country and category; what a status says of it is recorded.
- **What runs anyway**: the pollers of a queue ask about 650,000 times a month, $0.26 a queue; CloudFront, WAF ($5 and $1 a rule) and each KMS key ($1) cost a fixed sum, alarms $0.10 each, the dashboard $3.

## Assumed

Only AWS could tell how long a function is billed for. Assumed are: ${assumed.dynamoCallMs} ms a call of DynamoDB and none at the same time as another, ${assumed.kmsCallMs} ms a call of KMS, ${assumed.publishMs} ms to put events on the bus, ${assumed.ownMs} ms of our own for each invocation, ${assumed.quietMs} ms until a customer has finished, ${assumed.modelMs} ms for the model, ${assumed.graphMs} ms for WhatsApp; ${assumed.memoryGb * 1024} MB, and ${assumed.largeMemoryGb * 1024} for the webhook and for answers.
`;

const usual = { inputTokens: 1_500, outputTokens: 150, cacheReadTokens: 0, cacheWriteTokens: 0 };

const modelRow = (entry: CatalogueEntry): string => {
  const usd = costOf(entry, usual);
  return `| \`${entry.id}\` | ${dollars(usd)} | ${((100 * usd) / clientTable.model[0]).toFixed(1)} % |`;
};

const row = (line: Line, other: Line | undefined): string =>
  `| ${line.service} | ${line.what} | ${count(line.count)} | ${dollars(line.usd)} | ${count(other?.count ?? 0)} | ${dollars(other?.usd ?? 0)} | ${line.known} |`;

const beside = (alone: readonly Line[], batched: readonly Line[]): string =>
  [
    ["Lambda", "Lambda", clientTable.lambda],
    ["DynamoDB, requests", "DynamoDB", clientTable.dynamo],
    ["SQS", "SQS", clientTable.sqs],
  ]
    .map(
      ([name, service, client]) =>
        `| ${name} | ${dollars(Number(client))} | ${dollars(of(alone, String(service)))} | ${dollars(of(batched, String(service)))} |`,
    )
    .join("\n");

const verdict = (lines: readonly Line[]): string => {
  const times = (service: string, client: number) => (of(lines, service) / client).toFixed(1);
  return `Batched, that is ${times("Lambda", clientTable.lambda)} times what the client has for Lambda, ${times("DynamoDB", clientTable.dynamo)} times for DynamoDB, and ${times("SQS", clientTable.sqs)} times for SQS, where the client prices a single request: a message of a queue is sent, received and deleted, once for each subscriber. What DynamoDB writes, and why the client's 16 units are not reached, is [a decision of its own](decisions/0075-a-view-hears-what-it-heeds.md).`;
};

const isStorage = ({ what }: Line): boolean => what.startsWith("bytes of events");
const of = (lines: readonly Line[], service: string): number =>
  total(lines.filter((line) => line.service === service && !isStorage(line)));
const others = (lines: readonly Line[]): number =>
  total(lines.filter((line) => isStorage(line) || !["Lambda", "DynamoDB", "SQS"].includes(line.service)));
const total = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);
const dollars = (usd: number): string => (usd >= 0.01 ? usd.toFixed(2) : usd.toFixed(8));
const count = (number: number): string =>
  Number.isInteger(number) ? String(number) : number >= 10 ? number.toFixed(1) : number.toPrecision(2);
