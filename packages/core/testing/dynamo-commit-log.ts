import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { dynamoCommitLog } from "../store/dynamo-commit-log.ts";
import { dynamoFeed } from "../store/dynamo-feed.ts";
import { commitTables, createTables } from "../store/dynamo-tables.ts";

/** What a client needs to talk to a compatible server on this machine. */
export const localServer = (endpoint: string) => ({
  endpoint,
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

/** A log on new tables of a compatible server. */
export const newDynamoCommitLog = async (endpoint: string) => {
  const client = new DynamoDBClient(localServer(endpoint));
  const streams = new DynamoDBStreamsClient(localServer(endpoint));
  const table = `events-${randomUUID()}`;
  const snapshotsTable = `snapshots-${randomUUID()}`;
  await createTables(client, commitTables({ table, snapshotsTable }));
  const feed = dynamoFeed({ client, streams, table });
  return {
    client,
    table,
    log: dynamoCommitLog({ client, table, snapshotsTable, feed }),
    close: async () => {
      client.destroy();
      streams.destroy();
    },
  };
};
