import {
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
  type ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type { Contender } from "../../harness/contender.ts";
import { mustBe } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { eventsPerDecision } from "../../shared/history.ts";
import { conversations, eventsEach, sample, table } from "./work.ts";

const segments = 4;

/** Reads the table that Hilo filled: contenders prepare in the order in which the work names them. */
export const contender: Contender = {
  async open({ endpoint, scaled }) {
    const client = newClient(endpoint);
    const count = scaled(conversations) * eventsEach;
    let items = 0;
    const scanAll = async (): Promise<void> => {
      const counts = Array.from({ length: segments }, (_, segment) => scanSegment(client, segment));
      items = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    return {
      warmUp: scanAll,
      run: (time) => time(sample, count, scanAll),
      async verify() {
        mustBe("commits", items, count / eventsPerDecision);
        client.destroy();
      },
    };
  },
};

const scanSegment = async (client: DynamoDBClient, Segment: number): Promise<number> => {
  let items = 0;
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: ScanCommandOutput = await client.send(
      new ScanCommand({
        TableName: table("hilo"),
        Segment,
        TotalSegments: segments,
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    items += Items.length;
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
};
