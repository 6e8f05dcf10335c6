import type { DeadLetter, QueueDepth, QueueMessage, Queues } from "../store/queues.ts";

type Row = {
  id: number;
  queue: string;
  body: string;
  sentAt: number;
  visibleAt: number;
  receives: number;
  inFlight: boolean;
  dead?: { reason: string; at: number };
};

/** Queues for tests and simulations: gone with the process. `clock` tells ms since the epoch. */
export const memoryQueues = (clock: () => number): Queues => {
  const rows = new Map<number, Row>();
  const checkpoints = new Map<string, string>();
  let lastId = 0;

  const of = (queue: string): Row[] => [...rows.values()].filter((row) => row.queue === queue);
  const find = (queue: string, id: string): Row | undefined => {
    const row = rows.get(Number(id));
    return row?.queue === queue ? row : undefined;
  };
  const revive = (row: Row | undefined): number => {
    if (!row?.dead) return 0;
    delete row.dead;
    Object.assign(row, { receives: 0, visibleAt: clock(), inFlight: false });
    return 1;
  };

  return {
    async send(messages, checkpoint) {
      if (messages.some(({ body }) => typeof body !== "string")) throw new TypeError("a body is text");
      const sentAt = clock();
      for (const { queue, body, delayMs = 0 } of messages) {
        const id = ++lastId;
        rows.set(id, { id, queue, body, sentAt, visibleAt: sentAt + delayMs, receives: 0, inFlight: false });
      }
      if (checkpoint) checkpoints.set(checkpoint.name, checkpoint.value);
    },

    checkpoint: async (name) => checkpoints.get(name),

    async receive(queue, { max, visibilityMs }) {
      const now = clock();
      const visible = of(queue)
        .filter((row) => !row.dead && row.visibleAt <= now)
        .toSorted((a, b) => a.visibleAt - b.visibleAt || a.id - b.id)
        .slice(0, max);
      for (const row of visible) {
        Object.assign(row, { visibleAt: now + visibilityMs, receives: row.receives + 1, inFlight: true });
      }
      return visible.map(message);
    },

    async remove(queue, ids) {
      for (const id of ids) if (find(queue, id)) rows.delete(Number(id));
    },

    async release(queue, id, delayMs) {
      const row = find(queue, id);
      if (row && !row.dead) Object.assign(row, { visibleAt: clock() + delayMs, inFlight: false });
    },

    async bury(queue, id, reason) {
      const row = find(queue, id);
      if (row && !row.dead) Object.assign(row, { dead: { reason, at: clock() }, inFlight: false });
    },

    async deadLetters(queue, limit) {
      return of(queue)
        .flatMap((row) => (row.dead ? [{ row, dead: row.dead }] : []))
        .toSorted((a, b) => a.dead.at - b.dead.at || a.row.id - b.row.id)
        .slice(0, limit)
        .map(({ row, dead }): DeadLetter => ({
          ...message(row),
          reason: dead.reason,
          buriedAt: new Date(dead.at).toISOString(),
        }));
    },

    async redrive(queue, ids) {
      const chosen = ids ? ids.map((id) => find(queue, id)) : of(queue);
      return chosen.reduce((count, row) => count + revive(row), 0);
    },

    async recover() {
      const now = clock();
      for (const row of rows.values())
        if (!row.dead && row.inFlight && row.visibleAt > now)
          Object.assign(row, { visibleAt: now, inFlight: false });
    },

    async depths() {
      const now = clock();
      const depths: Record<string, QueueDepth> = {};
      for (const row of rows.values()) {
        const depth = (depths[row.queue] ??= { visible: 0, inFlight: 0, delayed: 0, dead: 0 });
        if (row.dead) depth.dead++;
        else if (row.visibleAt <= now) depth.visible++;
        else depth[row.inFlight ? "inFlight" : "delayed"]++;
      }
      return depths;
    },
  };
};

const message = ({ id, body, receives, sentAt }: Row): QueueMessage => ({
  id: String(id),
  body,
  receives,
  sentAt: new Date(sentAt).toISOString(),
});
