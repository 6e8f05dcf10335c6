/** Webhooks on their way to Hilo: durable, signed, and repeated until they are answered with 200. */
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { sign } from "#core/clients/whatsapp/signature.ts";
import { blob, type Vault } from "./vault.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer TEXT NOT NULL,
    kind TEXT NOT NULL,
    first_due INTEGER NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    accepted INTEGER NOT NULL DEFAULT 0,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS webhooks_pending ON webhooks (due) WHERE accepted = 0;
`;

const Letter = z.object({ body: z.string(), wamids: z.array(z.string()) });

/** `kind` "status" is forgotten once accepted; of the others the last is kept, to be delivered again at will. */
export type Webhook = z.infer<typeof Letter> & {
  customer: string;
  kind: "message" | "echo" | "status";
  dueMs: number;
};

const concurrencyMax = 8;
const answerMsMax = 20_000;
const backoffMsMax = 10 * 60_000;
const giveUpMs = 7 * 24 * 3_600_000;

export type Outbox = ReturnType<typeof outbox>;

export const outbox = (deps: {
  db: DatabaseSync;
  vault: Vault;
  clock: () => Date;
  random: () => number;
  appSecret: string;
  webhook: (rawBody: Uint8Array, signature: string) => Promise<number>;
  /** After each attempt: with the messages it was about, if it was accepted. */
  attempted: (customer: string, accepted?: { wamids: string[] }) => void;
}) => {
  const { db, vault, clock, random } = deps;
  db.exec(schema);
  const sql = {
    add: db.prepare("INSERT INTO webhooks (customer, kind, first_due, due, sealed) VALUES (?, ?, ?, ?, ?)"),
    due: db.prepare(
      "SELECT id, customer, kind, attempts, first_due FROM webhooks WHERE accepted = 0 AND due <= ? ORDER BY due, id LIMIT 500",
    ),
    sealed: db.prepare("SELECT sealed FROM webhooks WHERE id = ?"),
    next: db.prepare("SELECT min(due) AS due FROM webhooks WHERE accepted = 0 AND due > ?"),
    accept: db.prepare("UPDATE webhooks SET accepted = 1 WHERE id = ?"),
    tidy: db.prepare("DELETE FROM webhooks WHERE accepted = 1 AND customer = ? AND id < ?"),
    delay: db.prepare("UPDATE webhooks SET attempts = attempts + 1, due = ? WHERE id = ?"),
    drop: db.prepare("DELETE FROM webhooks WHERE id = ?"),
    hurry: db.prepare("UPDATE webhooks SET due = min(due, ?) WHERE accepted = 0 AND attempts > 0"),
    last: db.prepare(
      "SELECT * FROM webhooks WHERE customer = ? AND kind <> 'status' ORDER BY id DESC LIMIT 1",
    ),
    waiting: db.prepare("SELECT count(*) AS count FROM webhooks WHERE accepted = 0 AND attempts > 0"),
    forget: db.prepare("DELETE FROM webhooks WHERE customer = ?"),
  };
  /** Those under way: one at a time per customer, so that a first attempt keeps the order in which things were done. */
  const underWay = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let state: "idle" | "running" | "stopping" | "stopped" = "idle";

  const deliver = async (row: Record<string, unknown>): Promise<void> => {
    const [id, customer] = [Number(row["id"]), String(row["customer"])];
    const { body, wamids } = vault.open(Letter, blob(sql.sealed.get(id)?.["sealed"]), `webhook/${customer}`);
    const status = await answerOf(deps.webhook, new TextEncoder().encode(body), deps.appSecret);
    if (state === "stopped") return;
    const accepted = status === 200;
    if (accepted && row["kind"] === "status") sql.drop.run(id);
    else if (accepted) {
      sql.accept.run(id);
      sql.tidy.run(customer, id);
    } else if (clock().getTime() - Number(row["first_due"]) > giveUpMs) sql.drop.run(id);
    else postpone(row);
    deps.attempted(customer, accepted ? { wamids } : undefined);
  };

  const postpone = (row: Record<string, unknown>): void => {
    const dueMs = clock().getTime() + backoffMs(Number(row["attempts"]), random);
    if (state !== "stopped") sql.delay.run(dueMs, Number(row["id"]));
  };

  /** One bad row, or a database that is busy, must not end the program: it is tried again. */
  const pump = (): void => {
    clearTimeout(timer);
    if (state !== "running") return;
    try {
      deliverDue();
    } catch {
      timer = setTimeout(pump, backoffMs(0, random)).unref();
    }
  };

  const deliverDue = (): void => {
    const now = clock().getTime();
    for (const row of sql.due.all(now)) {
      const customer = String(row["customer"]);
      if (underWay.size >= concurrencyMax) break;
      if (underWay.has(customer)) continue;
      underWay.set(
        customer,
        deliver(row)
          .catch(() => postpone(row))
          .finally(() => underWay.delete(customer))
          .then(pump, pump),
      );
    }
    const next = sql.next.get(now)?.["due"];
    if (typeof next === "number") timer = setTimeout(pump, Math.min(next - now, backoffMsMax)).unref();
  };

  const add = ({ customer, kind, dueMs, ...letter }: Webhook): void => {
    sql.add.run(customer, kind, dueMs, dueMs, vault.seal(letter, `webhook/${customer}`));
    // After the caller's transaction, which ends before anything asynchronous can begin.
    queueMicrotask(pump);
  };

  return {
    /** Durable when the transaction that it is called in is. */
    add,

    /** Delivers a customer's last webhook once more, byte by byte. False when there is none. */
    redeliver(customer: string): boolean {
      const row = sql.last.get(customer);
      if (!row) return false;
      const letter = vault.open(Letter, blob(row["sealed"]), `webhook/${customer}`);
      add({
        ...letter,
        customer,
        kind: row["kind"] === "echo" ? "echo" : "message",
        dueMs: clock().getTime(),
      });
      return true;
    },

    /** How many were refused at least once and are still to come. */
    waiting: (): number => Number(sql.waiting.get()?.["count"]),

    forget(customer: string): void {
      sql.forget.run(customer);
    },

    /** Takes up what an earlier run left, without waiting out its back-off. */
    start(): void {
      state = "running";
      sql.hurry.run(clock().getTime());
      pump();
    },

    /** Nothing is delivered or written after it resolves; what is under way is given a moment, and comes again if it needs longer. */
    async stop(graceMs = 1_000): Promise<void> {
      state = "stopping";
      clearTimeout(timer);
      const settled = Promise.allSettled(underWay.values());
      const grace = new Promise((resolve) => setTimeout(resolve, graceMs).unref());
      await Promise.race([settled, grace]);
      state = "stopped";
    },
  };
};

/** The status of the answer; 0 when there was none in time. */
const answerOf = async (
  webhook: (rawBody: Uint8Array, signature: string) => Promise<number>,
  body: Uint8Array,
  appSecret: string,
): Promise<number> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(resolve, answerMsMax, 0).unref();
  });
  try {
    return await Promise.race([webhook(body, sign(body, appSecret)), late]);
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
};

/** 1 s, 2 s, 4 s … up to ten minutes, each up to a quarter longer. */
const backoffMs = (attempts: number, random: () => number): number =>
  Math.round(Math.min(1_000 * 2 ** Math.min(attempts, 20), backoffMsMax) * (1 + random() / 4));
