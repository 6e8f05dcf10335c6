/** Meta's own limits on sending, which hold unless they are switched off. Source: Cloud API, "Throughput", "Pair rate limits". */
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { ErrorCode } from "./graph-errors.ts";

type Limit = { title: string; line: string; error: ErrorCode; burst: number; everyMs: number };

const table = {
  throughput: {
    title: "80 messages per second and number",
    line: "Both directions count. Above: error 130429.",
    error: 130429,
    burst: 80,
    everyMs: 1_000 / 80,
  },
  "pair-rate": {
    title: "One in 6 seconds to the same customer",
    line: "45 at once are borrowed from the future. Above: error 131056.",
    error: 131056,
    burst: 45,
    everyMs: 6_000,
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof table;
export const limitNames = Object.keys(table) as LimitName[];
export const LimitName = z.enum(limitNames);
export const limitTable: Readonly<Record<LimitName, Limit>> = table;

/** How many numbers and pairs are remembered before the idle ones are dropped. */
const metersMax = 10_000;

export type Limits = ReturnType<typeof limits>;

/** Whether they are on is durable; how far they are used up is not. */
export const limits = ({
  db,
  clock,
  changed,
}: {
  db: DatabaseSync;
  clock: () => Date;
  changed: () => void;
}) => {
  db.exec("CREATE TABLE IF NOT EXISTS limits_off (name TEXT PRIMARY KEY) STRICT");
  const off = db.prepare("SELECT 1 FROM limits_off WHERE name = ?");
  const isOn = (name: LimitName): boolean => off.get(name) === undefined;
  /** When what was sent so far would have been sent at the sustained rate (GCRA). */
  const meters = new Map<string, number>();

  const usedUntil = (key: string, nowMs: number): number => Math.max(meters.get(key) ?? 0, nowMs);
  const isExceeded = (name: LimitName, key: string, nowMs: number): boolean => {
    const { burst, everyMs } = limitTable[name];
    return isOn(name) && usedUntil(key, nowMs) - nowMs > (burst - 1) * everyMs;
  };
  const count = (name: LimitName, key: string, nowMs: number): void => {
    if (meters.size > metersMax)
      for (const [idle, untilMs] of meters) if (untilMs <= nowMs) meters.delete(idle);
    meters.set(key, usedUntil(key, nowMs) + limitTable[name].everyMs);
  };

  return {
    isOn,
    set(name: LimitName, on: boolean): void {
      db.prepare(
        on ? "DELETE FROM limits_off WHERE name = ?" : "INSERT OR IGNORE INTO limits_off VALUES (?)",
      ).run(name);
      changed();
    },

    /** Counts a send, or answers why it is refused; what is refused does not count. */
    admit(phoneNumberId: string, address: string): ErrorCode | undefined {
      const nowMs = clock().getTime();
      const pair = `${phoneNumberId} ${address}`;
      if (isExceeded("throughput", phoneNumberId, nowMs)) return limitTable.throughput.error;
      if (isExceeded("pair-rate", pair, nowMs)) return limitTable["pair-rate"].error;
      count("throughput", phoneNumberId, nowMs);
      count("pair-rate", pair, nowMs);
      return undefined;
    },

    /** A message that came in uses the number's throughput, too. */
    received(phoneNumberId: string): void {
      count("throughput", phoneNumberId, clock().getTime());
    },
  };
};
