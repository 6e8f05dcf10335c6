import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { atRest, countsFromUs, forgetAfterMs, instantUs, sizes, type RateState } from "./gcra.ts";
import type { Rate } from "./pacing.ts";

/** A rate as it was read. */
export type KnownRate = { rate: Rate; state: RateState };

/** A rate that was charged, and when its next is due since. */
export type ChargedRate = { rate: Rate; dueUs: number };

const isHeldAsKnown = "(attribute_not_exists(heldUntilUs) OR heldUntilUs <= :heldUntilUs)";

/** One rate each, on DynamoDB. Conditions only: no transactions, and no reading in between. */
export const dynamoRates = (client: DynamoDBClient, table: string) => {
  /** When the next is due after an update, or undefined where the condition did not hold. */
  const update = async (key: string, set: string, condition: string, values: Record<string, number>) => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: keyOf(key),
      UpdateExpression: `SET expiresAt = :expiresAt, ${set}`,
      ConditionExpression: condition,
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [`:${name}`, { N: String(value) }]),
      ),
      ReturnValues: "ALL_NEW",
    });
    try {
      return Number((await client.send(command)).Attributes?.["dueUs"]?.N);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };

  return {
    async read(rate: Rate): Promise<KnownRate> {
      const get = new GetItemCommand({ TableName: table, Key: keyOf(rate.key), ConsistentRead: true });
      const { dueUs, heldUntilUs } = (await client.send(get)).Item ?? {};
      return {
        rate,
        state: {
          dueUs: Number(dueUs?.N ?? atRest.dueUs),
          heldUntilUs: Number(heldUntilUs?.N ?? atRest.heldUntilUs),
        },
      };
    },

    /**
     * Takes a place between `fromUs` and `toUs`; undefined where there is none, or the rate has come to rest,
     * woken or been held since it was read. Under load it is an addition, which does not conflict with others.
     */
    async charge({ rate, state }: KnownRate, fromUs: number, toUs: number): Promise<number | undefined> {
      const { costUs, burstUs } = sizes(rate);
      const { heldUntilUs } = state;
      const floorUs = countsFromUs(rate, heldUntilUs, fromUs);
      const lastUs = toUs + burstUs - costUs;
      if (floorUs > lastUs) return undefined;
      const expiresAt = expirySeconds(Math.max(floorUs, state.dueUs) + costUs);
      if (state.dueUs < floorUs)
        return update(
          rate.key,
          "dueUs = :dueUs",
          `(attribute_not_exists(dueUs) OR dueUs < :floorUs) AND ${isHeldAsKnown}`,
          { dueUs: floorUs + costUs, floorUs, heldUntilUs, expiresAt },
        );
      return update(
        rate.key,
        "dueUs = dueUs + :costUs",
        `dueUs BETWEEN :floorUs AND :lastUs AND ${isHeldAsKnown}`,
        { costUs, floorUs, lastUs, heldUntilUs, expiresAt },
      );
    },

    /** Unless someone is behind it already: their place would be given twice. */
    async giveBack({ rate, dueUs }: ChargedRate): Promise<void> {
      const beforeUs = dueUs - sizes(rate).costUs;
      const values = { beforeUs, dueUs, expiresAt: expirySeconds(dueUs) };
      await update(rate.key, "dueUs = :beforeUs", "dueUs = :dueUs", values);
    },

    async hold(key: string, untilMs: number): Promise<void> {
      const untilUs = instantUs(untilMs);
      const values = { untilUs, expiresAt: expirySeconds(untilUs) };
      const isLonger = "attribute_not_exists(heldUntilUs) OR heldUntilUs < :untilUs";
      await update(key, "heldUntilUs = :untilUs", isLonger, values);
    },
  };
};

const keyOf = (key: string) => ({ pk: { S: `rate/${key}` } });

const expirySeconds = (atRestUs: number): number => Math.ceil((atRestUs / 1_000 + forgetAfterMs) / 1_000);
