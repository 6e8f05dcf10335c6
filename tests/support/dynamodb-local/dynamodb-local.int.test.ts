import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand, DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { beforeAll, describe, expect, inject, test } from "vitest";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("DynamoDB Local", () => {
  const TableName = `smoke-${randomUUID()}`;
  const settings = {
    ...(endpoint !== undefined && { endpoint }),
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const client = new DynamoDBClient(settings);

  beforeAll(async () => {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    );
  });

  test("gives a table its stream", async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const { StreamDescription } = await new DynamoDBStreamsClient(settings).send(
      new DescribeStreamCommand({ StreamArn: Table?.LatestStreamArn }),
    );
    expect(StreamDescription).toMatchObject({
      TableName,
      StreamStatus: "ENABLED",
      StreamViewType: "NEW_IMAGE",
    });
    expect(StreamDescription?.Shards).toHaveLength(1);
  });

  test("lets the first conditional put win and refuses the second, showing what is there", async () => {
    const put = (who: string): PutItemCommand =>
      new PutItemCommand({
        TableName,
        Item: { pk: { S: "one" }, who: { S: who } },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
    await client.send(put("first"));
    const refusal: unknown = await client.send(put("second")).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConditionalCheckFailedException);
    expect(refusal).toMatchObject({ Item: { who: { S: "first" } } });
  });
});
