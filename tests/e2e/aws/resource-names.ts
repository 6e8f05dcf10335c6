/** What was made, by the emulator's own account of it. */
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { inject } from "vitest";
import { deadLettersName, queueName } from "#core/store/sqs-names.ts";
import { awsClients } from "./clients.ts";

const { endpoint, stage } = inject("emulated");
const { dynamo, lambda, s3, sqs } = awsClients(endpoint);

export const functionName = (name: string): string => `hilo-${stage}-${name}`;

const one = <Found>(found: readonly Found[], what: string): Found => {
  const [only, another] = found;
  if (only === undefined || another !== undefined) throw new Error(`there is not exactly one ${what}`);
  return only;
};

/** Of this stage. */
export const tableNames = async (): Promise<string[]> => {
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  return TableNames.filter((each) => each.startsWith(`hilo-${stage}-`));
};

/** By its logical name, such as `Events`. */
export const tableName = async (name: string): Promise<string> =>
  one(
    (await tableNames()).filter((each) => each.includes(`-${name}Table-`)),
    `table ${name}`,
  );

/** By its logical name, such as `Media`. */
export const bucketName = async (name: string): Promise<string> => {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const names = Buckets.flatMap(({ Name = "" }) =>
    Name.startsWith(`hilo-${stage}-${name.toLowerCase()}`) ? [Name] : [],
  );
  return one(names, `bucket ${name}`);
};

const queueUrl = async (QueueName: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? "";

/** The queue before a function. */
export const queueOf = (name: string): Promise<string> => queueUrl(queueName(stage, name));

/** Where what it can't do ends. */
export const deadLettersOf = (name: string): Promise<string> => queueUrl(deadLettersName(stage, name));

/** The id of what feeds a function. */
export const sourceOf = async (name: string): Promise<string> => {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: functionName(name) }),
  );
  return one(EventSourceMappings, `source of ${name}`).UUID ?? "";
};

/** Waiting, under way and delayed. */
export const messagesIn = async (queue: string): Promise<number> => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["All"] }),
  );
  const {
    ApproximateNumberOfMessages: waiting,
    ApproximateNumberOfMessagesNotVisible: underWay,
    ApproximateNumberOfMessagesDelayed: delayed,
  } = Attributes;
  return Number(waiting) + Number(underWay) + Number(delayed);
};
