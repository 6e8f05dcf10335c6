/** Which faults are on, for whom and how long: durable, so that they outlive a crash that they bring about. */
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { ErrorCode } from "./graph-errors.ts";
import { faultNames, FaultName, faults, type FaultEffect, type StatusFault } from "./faults.ts";

/** Whoever is forgotten takes the faults of theirs along. */
const schema = `
  CREATE TABLE IF NOT EXISTS faults (
    fault TEXT PRIMARY KEY,
    customer TEXT REFERENCES customers (id) ON DELETE CASCADE,
    times INTEGER,
    chance REAL
  ) STRICT;
`;

/** Without `times` and `chance` it stays until it is switched off. */
export const FaultScope = z
  .strictObject({
    /** Only what is sent to this customer; absent: to anybody. */
    customer: z.string().optional(),
    /** How many more sends it strikes. */
    times: z.int().min(1).max(1_000).optional(),
    /** How likely each send is struck. */
    chance: z.number().gt(0).max(1).optional(),
  })
  .refine(({ times, chance }) => times === undefined || chance === undefined, {
    error: "times or chance, not both",
  });
export type FaultScope = z.infer<typeof FaultScope>;

/** What befalls one send. */
export type Fate = {
  /** It is not sent. */
  refused?: ErrorCode;
  answer?: Extract<FaultEffect, { strikes: "after" }>["answer"];
  delayMs: number;
  failed?: ErrorCode;
  statuses: StatusFault[];
};

export type FaultSwitches = ReturnType<typeof faultSwitches>;

/** After `chats`, whose customers its table refers to. */
export const faultSwitches = ({
  db,
  random,
  changed,
}: {
  db: DatabaseSync;
  random: () => number;
  changed: () => void;
}) => {
  db.exec(schema);
  const select = db.prepare("SELECT * FROM faults");
  const set = db.prepare(`INSERT INTO faults (fault, customer, times, chance) VALUES (?, ?, ?, ?)
    ON CONFLICT (fault) DO UPDATE
    SET customer = excluded.customer, times = excluded.times, chance = excluded.chance`);
  const remove = db.prepare("DELETE FROM faults WHERE fault = ?");

  /** A later version may have known others. */
  const switches = (): Map<FaultName, FaultScope> =>
    new Map(
      select.all().flatMap(({ fault, customer, times, chance }) => {
        const name = FaultName.safeParse(fault);
        const scope = {
          ...(typeof customer === "string" && { customer }),
          ...(typeof times === "number" && { times }),
          ...(typeof chance === "number" && { chance }),
        };
        return name.success ? [[name.data, scope] as const] : [];
      }),
    );
  const put = (name: FaultName, { customer, times, chance }: FaultScope): void => {
    set.run(name, customer ?? null, times ?? null, chance ?? null);
  };

  /** Answers, of each fault in turn, whether it strikes now; one that strikes the last time is off. */
  const striking = (customer: string | undefined, named: readonly FaultName[]) => {
    const on = switches();
    return (name: FaultName): boolean => {
      if (named.includes(name)) return true;
      const scope = on.get(name);
      if (!scope || (scope.customer !== undefined && scope.customer !== customer)) return false;
      if (scope.chance !== undefined) return random() < scope.chance;
      if (scope.times === undefined) return true;
      if (scope.times > 1) put(name, { ...scope, times: scope.times - 1 });
      else remove.run(name);
      changed();
      return true;
    };
  };

  return {
    /** Those that are on. */
    list: (): ReadonlyMap<FaultName, FaultScope> => switches(),
    on(name: FaultName, scope: FaultScope): void {
      put(name, scope);
      changed();
    },
    off(name: FaultName): void {
      remove.run(name);
      changed();
    },
    reset(): void {
      db.exec("DELETE FROM faults");
      changed();
    },

    /** Of a send to this customer. `named` strike besides, and are not counted. */
    befall(customer: string | undefined, named: readonly FaultName[]): Fate {
      const strikes = striking(customer, named);
      const fate: Fate = { delayMs: 0, statuses: [] };
      const those = <Where extends FaultEffect["strikes"]>(where: Where) =>
        faultNames.flatMap((name) => {
          const { effect } = faults[name];
          return effect.strikes === where
            ? [{ name, effect: effect as Extract<FaultEffect, { strikes: Where }> }]
            : [];
        });
      for (const { name, effect } of those("answer-time")) if (strikes(name)) fate.delayMs += effect.delayMs;
      // What is refused has no fate beyond that, so the others are kept for the next send.
      const before = those("before").find(({ name }) => strikes(name));
      if (before) return { ...fate, refused: before.effect.error };
      const after = those("after").find(({ name }) => strikes(name));
      if (after) fate.answer = after.effect.answer;
      const delivery = those("delivery").find(({ name }) => strikes(name));
      if (delivery) fate.failed = delivery.effect.error;
      for (const { name, effect } of those("statuses")) if (strikes(name)) fate.statuses.push(effect.how);
      return fate;
    },

    /** Of a question to message history, about a send to this customer. */
    isHistorySilent: (customer: string | undefined, named: readonly FaultName[]): boolean =>
      striking(customer, named)("silent-history"),
  };
};
