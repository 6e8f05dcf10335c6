/** When which status of a message is told, as unpunctual and repetitive as Meta is (M-status: no order, duplicates expected). */
import type { StatusFault } from "./faults.ts";
import type { ErrorCode } from "./graph-errors.ts";

export type PlannedStatus = {
  status: "sent" | "delivered" | "read" | "failed";
  /** When it happened. */
  at: string;
  /** When its webhook goes out, in milliseconds since the epoch. */
  dueMs: number;
  /** Meta's code, for `failed`. */
  error?: ErrorCode;
};

type Moment = { now: Date; random: () => number };

/** The statuses of a message that has just been accepted. `open`: the customer is looking at the chat. */
export const afterAccepting = ({ open, now, random }: Moment & { open: boolean }): PlannedStatus[] => {
  const { between, chance } = dice(random);
  const sentMs = now.getTime() + between(20, 80);
  const deliveredMs = sentMs + between(60, 300);
  const late = chance(0.25) ? between(400, 900) : 0;
  // Meta may leave `delivered` out where `read` follows at once.
  const silent = open && chance(0.15);
  return [
    ...told({ status: "sent", ms: sentMs, late, random }),
    ...(silent ? [] : told({ status: "delivered", ms: deliveredMs, late: 0, random })),
    ...(open ? told({ status: "read", ms: deliveredMs + between(250, 700), late: 0, random }) : []),
  ];
};

/** The customer has opened the chat. */
export const afterOpening = ({ now, random }: Moment): PlannedStatus[] =>
  told({ status: "read", ms: now.getTime() + dice(random).between(40, 300), late: 0, random });

/** WhatsApp took the message and then could not deliver it. */
export const afterFailing = ({ now, random, error }: Moment & { error: ErrorCode }): PlannedStatus[] =>
  told({ status: "failed", ms: now.getTime() + dice(random).between(60, 300), late: 0, random }).map(
    (it) => ({ ...it, error }),
  );

const repeats = [0, 250, 700];

/** The statuses as they come when these faults strike. */
export const afflicted = (plan: PlannedStatus[], faults: readonly StatusFault[]): PlannedStatus[] =>
  faults.reduce((statuses, fault) => {
    switch (fault) {
      case "repeated":
        return statuses.flatMap((it) => repeats.map((ms) => ({ ...it, dueMs: it.dueMs + ms })));
      case "reversed":
        return reversed(statuses);
      case "contradicted":
        return contradicted(statuses);
      case "withheld":
        return [];
    }
  }, plan);

/** What happened last is told first, at the times at which the others would have been. */
const reversed = (statuses: readonly PlannedStatus[]): PlannedStatus[] => {
  const dues = statuses.map(({ dueMs }) => dueMs).toSorted((one, other) => one - other);
  return statuses
    .toSorted((one, other) => other.at.localeCompare(one.at))
    .map((it, index) => ({ ...it, dueMs: dues[index] ?? it.dueMs }));
};

const contradicted = (statuses: readonly PlannedStatus[]): PlannedStatus[] => {
  const [first] = statuses.toSorted((one, other) => one.dueMs - other.dueMs);
  if (!first || first.status === "failed") return [...statuses];
  const later = statuses.map((it) => ({ ...it, dueMs: it.dueMs + 300 }));
  return [{ ...first, status: "failed", error: 131026 }, ...later];
};

/** One status, now and then told twice. */
const told = ({
  status,
  ms,
  late,
  random,
}: {
  status: PlannedStatus["status"];
  ms: number;
  late: number;
  random: () => number;
}): PlannedStatus[] => {
  const { between, chance } = dice(random);
  const first = { status, at: new Date(ms).toISOString(), dueMs: ms + late + between(10, 60) };
  return chance(0.2) ? [first, { ...first, dueMs: first.dueMs + between(200, 1_200) }] : [first];
};

const dice = (random: () => number) => ({
  between: (least: number, most: number): number => Math.round(least + random() * (most - least)),
  chance: (likelihood: number): boolean => random() < likelihood,
});
