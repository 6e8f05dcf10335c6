import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { CircuitStore, OpenCircuit } from "../clients/circuits.ts";

/** Nobody has asked for so long: it is forgotten. */
const forgetAfterMs = 24 * 3_600_000;

/** Open circuits in the table of `limits`, as `dynamo-schemas.ts` has it. Reads are eventually consistent, at half the price. */
export const dynamoCircuits = ({
  client,
  table,
}: {
  client: DynamoDBClient;
  table: string;
}): CircuitStore => {
  const item = (name: string) => ({ TableName: table, Key: { pk: { S: `circuit/${name}` } } });

  return {
    async read(name) {
      return circuit((await client.send(new GetItemCommand(item(name)))).Item);
    },

    async open(name, { untilMs, probes }) {
      const update = new UpdateItemCommand({
        ...item(name),
        UpdateExpression:
          "SET untilMs = :untilMs, probes = :probes, expiresAt = :expiresAt REMOVE leasedUntilMs",
        ConditionExpression: "attribute_not_exists(pk) OR untilMs <= :untilMs",
        ExpressionAttributeValues: values({
          untilMs,
          probes,
          expiresAt: Math.ceil((untilMs + forgetAfterMs) / 1_000),
        }),
      });
      await unlessRefused(() => client.send(update));
    },

    async claimProbe(name, nowMs, leaseUntilMs) {
      const update = new UpdateItemCommand({
        ...item(name),
        UpdateExpression: "SET leasedUntilMs = :leaseUntilMs",
        ConditionExpression:
          "untilMs <= :nowMs AND (attribute_not_exists(leasedUntilMs) OR leasedUntilMs <= :nowMs)",
        ExpressionAttributeValues: values({ nowMs, leaseUntilMs }),
        ReturnValues: "ALL_NEW",
      });
      return circuit((await unlessRefused(() => client.send(update)))?.Attributes);
    },

    async close(name, untilMs) {
      const remove = new DeleteItemCommand({
        ...item(name),
        ConditionExpression: "untilMs = :untilMs",
        ExpressionAttributeValues: values({ untilMs }),
      });
      await unlessRefused(() => client.send(remove));
    },
  };
};

const circuit = (item: Record<string, AttributeValue> | undefined): OpenCircuit | undefined =>
  item && { untilMs: Number(item["untilMs"]?.N), probes: Number(item["probes"]?.N) };

const values = (numbers: Record<string, number>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`:${name}`, { N: String(value) }]));

/** Undefined where the condition did not hold. */
const unlessRefused = async <Output>(send: () => Promise<Output>): Promise<Output | undefined> => {
  try {
    return await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};
