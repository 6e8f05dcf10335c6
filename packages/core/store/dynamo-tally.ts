import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Tally } from "./tally.ts";

/** Sums in a table as `limitsTable` describes it, one item each: 1,000 additions a second. Reads are eventually consistent. */
export const dynamoTally = (
  { client, table }: { client: DynamoDBClient; table: string },
  nowMs: () => number,
): Tally => {
  const item = (key: string) => ({ TableName: table, Key: { pk: { S: `tally/${key}` } } });

  return {
    async add(key, amount, forgetAtMs) {
      await client.send(
        new UpdateItemCommand({
          ...item(key),
          UpdateExpression: "SET expiresAt = :expiresAt ADD amount :amount",
          ExpressionAttributeValues: {
            ":amount": { N: String(amount) },
            ":expiresAt": { N: String(Math.ceil(forgetAtMs / 1_000)) },
          },
        }),
      );
    },
    async read(key) {
      const found = (await client.send(new GetItemCommand(item(key)))).Item;
      // what has expired is still there for up to two days
      const isOver = Number(found?.["expiresAt"]?.N ?? 0) * 1_000 <= nowMs();
      return isOver ? 0 : Number(found?.["amount"]?.N ?? 0);
    },
  };
};
