/** Durable queues with the manners of SQS: at least once, unordered, hidden while someone works on it. */
export type QueueMessage = { id: string; body: string; receives: number; sentAt: string };

export type Queues = {
  /** Puts messages in, all or none, durably before it resolves. */
  send(messages: readonly { queue: string; body: string; delayMs?: number }[]): Promise<void>;
  /** Takes up to `max` visible messages and hides them for `visibilityMs`. */
  receive(queue: string, options: { max: number; visibilityMs: number }): Promise<QueueMessage[]>;
  /** Done with these. */
  remove(queue: string, ids: readonly string[]): Promise<void>;
  /** Visible again after `delayMs`. */
  release(queue: string, id: string, delayMs: number): Promise<void>;
  /** To the dead letters, with why. */
  bury(queue: string, id: string, reason: string): Promise<void>;
  deadLetters(queue: string, limit: number): Promise<(QueueMessage & { reason: string })[]>;
  /** Puts dead letters back, their receives counted anew. How many were. */
  redrive(queue: string, ids?: readonly string[]): Promise<number>;
  /** Makes all hidden messages visible: for the start of the only process that works on them. */
  recover(): Promise<void>;
  /** Per queue: visible now, in flight, delayed, dead. */
  depths(): Promise<Record<string, { visible: number; inFlight: number; delayed: number; dead: number }>>;
};
