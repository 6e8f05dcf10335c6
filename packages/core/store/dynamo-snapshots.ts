import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { bodyBytesMax, type CommitLog } from "./commit-log.ts";

/** Snapshots have a table of their own, so that a scan of commits does not read (and pay for) them. */
export const dynamoSnapshots = (
  client: DynamoDBClient,
  table: string,
): Pick<CommitLog, "snapshot" | "saveSnapshot" | "deleteSnapshot"> => ({
  async snapshot(stream) {
    const Key = { pk: { S: stream } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    const { version, reducer, body } = Item ?? {};
    if (!version?.N || reducer?.S === undefined || !body?.B) return undefined;
    return { stream, version: Number(version.N), reducer: reducer.S, body: body.B };
  },

  async saveSnapshot({ stream, version, reducer, body }) {
    if (body.byteLength > bodyBytesMax) return;
    const put = new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: stream },
        version: { N: String(version) },
        reducer: { S: reducer },
        body: { B: body },
      },
      ConditionExpression: "attribute_not_exists(pk) OR #version <= :version",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":version": { N: String(version) } },
    });
    await client.send(put).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  },

  async deleteSnapshot(stream) {
    await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: stream } } }));
  },
});
