/** How `stacks/` names queues, and where `hilo dlq` finds those of a stage. */

export const queueName = (stage: string, subscription: string): string => `hilo-${stage}-${subscription}`;

export const deadLettersName = (stage: string, subscription: string): string =>
  `${queueName(stage, subscription)}-dead-letters`;
