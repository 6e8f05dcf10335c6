import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoRates, type ChargedRate, type KnownRate } from "./dynamo-rates.ts";
import { firstUs, instantUs, placeUnder, sizes } from "./gcra.ts";
import type { Pacing } from "./pacing.ts";

export type DynamoPacingOptions = {
  client: DynamoDBClient;
  /** That of `limits`, as `dynamo-schemas.ts` has it. */
  table: string;
  /** In [0, 1): spreads retries. */
  random: () => number;
  sleep: (ms: number) => Promise<void>;
};

export const attemptsMax = 8;

/**
 * Places on DynamoDB, an item per rate. The rate that decides when is charged first, and the others at that time;
 * where one of them has no room then, what was taken is given back, unless someone is behind it already. So a
 * conflict, a crash or a lost answer may waste a place, and none is ever given twice. After 8 conflicts the
 * answer is to ask again. An item takes 1,000 writes a second: no key can be faster.
 */
export const dynamoPacing = ({ client, table, random, sleep }: DynamoPacingOptions): Pacing => {
  const rates = dynamoRates(client, table);

  /** The instant of a place under all of these, or none where others were quicker. */
  const take = async (known: readonly KnownRate[], nowUs: number, lastUs: number) => {
    const taken: ChargedRate[] = [];
    let atUs: number | undefined;
    for (const one of latestFirst(known, nowUs)) {
      const dueUs = await rates.charge(one, atUs ?? nowUs, atUs ?? lastUs);
      if (dueUs === undefined) {
        for (const charged of taken) await rates.giveBack(charged);
        return undefined;
      }
      taken.push({ rate: one.rate, dueUs });
      atUs ??= Math.max(nowUs, dueUs - sizes(one.rate).burstUs);
    }
    return atUs ?? nowUs;
  };

  return {
    async reserve(wanted, nowMs, waitMsMax) {
      const nowUs = instantUs(nowMs);
      for (let attempt = 1; ; attempt += 1) {
        const known = await Promise.all(wanted.map(rates.read));
        const { waitMs, reserved } = placeUnder(known, nowMs, waitMsMax);
        if (!reserved) return { waitMs, reserved };
        const lastUs = Math.min(nowUs + waitMsMax * 1_000, Number.MAX_SAFE_INTEGER);
        const atUs = await take(known, nowUs, lastUs);
        if (atUs !== undefined) return { waitMs: (atUs - nowUs) / 1_000, reserved };
        const pauseMs = random() * 2 ** attempt;
        if (attempt === attemptsMax) return { waitMs: waitMs + pauseMs, reserved: false };
        await sleep(pauseMs);
      }
    },

    hold: rates.hold,
  };
};

/** Ties by key, so that all who ask for the same rates do so in the same order. */
const latestFirst = (known: readonly KnownRate[], nowUs: number): KnownRate[] =>
  known.toSorted(
    (a, b) =>
      firstUs(b.rate, b.state, nowUs) - firstUs(a.rate, a.state, nowUs) || (a.rate.key < b.rate.key ? -1 : 1),
  );
