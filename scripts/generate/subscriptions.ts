import { subscriptions, type Subscription } from "#core/subscriptions.ts";
import { code, table } from "./markdown.ts";

export const subscriptionsTable = (): string => {
  const rows = subscriptions.map((subscription) => {
    const { name, folder, batchSize, concurrency, visibilityTimeoutSec, receivesMax } = subscription;
    return [
      `[${name}](../packages/functions/${folder}/${name}.ts)`,
      heard(subscription),
      String(batchSize),
      String(concurrency),
      `${visibilityTimeoutSec} s`,
      String(receivesMax),
    ];
  });
  const header = ["Handler", "Hears", "Batch", "At once", "Hidden for", "Tries"];
  return `${table(header, rows)}\n`;
};

/** The events of its pattern, and what else the pattern asks of them. */
const heard = ({ pattern }: Subscription): string => {
  const types = pattern["detail-type"];
  const events = Array.isArray(types) ? types.map((type) => code(String(type))).join(", ") : "every event";
  const { stream: _, ...more } = pattern["detail"] as Record<string, unknown>;
  const conditions = Object.keys(more).length > 0 ? `, where ${code(JSON.stringify(more))}` : "";
  return `${events} of a conversation${conditions}`;
};
