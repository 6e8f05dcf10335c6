import { subscriptions } from "#core/subscriptions.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

export const queueNames: readonly string[] = subscriptions.map(({ name }) => name);

/** Throws `UsageError` when there is no such queue. */
export const checkQueue = (name: string): string => {
  if (queueNames.includes(name)) return name;
  const meant = nearest(name, queueNames);
  throw new UsageError(
    `there is no queue "${name}"; ${meant ? `did you mean ${meant}?` : `there are ${queueNames.join(", ")}`}`,
  );
};
