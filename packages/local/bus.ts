/** EventBridge at home: matches each event against the subscriptions and puts it into their queues. */
import type { EventBus } from "#core/clients/event-bus.ts";
import type { Queues } from "#core/store/queues.ts";
import type { Subscription } from "#core/subscriptions.ts";
import { compilePattern } from "./event-pattern.ts";

export const localBus = (queues: Queues, subscriptions: readonly Subscription[]): EventBus => {
  const rules = subscriptions.map(({ name, pattern }) => ({ queue: name, matches: compilePattern(pattern) }));
  return {
    async publish(events) {
      const messages = events.flatMap((event) => {
        const body = JSON.stringify({ version: "0", id: event.detail.id, ...event });
        return rules.filter(({ matches }) => matches(event)).map(({ queue }) => ({ queue, body }));
      });
      if (messages.length > 0) await queues.send(messages);
      return [];
    },
  };
};
