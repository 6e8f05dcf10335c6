/** Durable queues with the manners of SQS: at least once, unordered, hidden while someone works on it. */
export type QueueMessage = {
  /** Never given to another message, of any queue. */
  id: string;
  body: string;
  /** How often it was received, this time included. */
  receives: number;
  /** ISO-8601 UTC. */
  sentAt: string;
};

export type DeadLetter = QueueMessage & {
  reason: string;
  /** ISO-8601 UTC. SQS does not tell. */
  buriedAt?: string;
};

/** How many messages a queue holds, by what becomes of them. */
export type QueueDepth = {
  visible: number;
  /** Received, and neither removed nor released; their time is not up. */
  inFlight: number;
  /** Sent or released with a delay that is not over. */
  delayed: number;
  dead: number;
};

export type Queues = {
  /**
   * Puts messages in, all or none, durably before it resolves. A `checkpoint` is stored with them, so that
   * who copies a feed into queues copies each entry once.
   */
  send(
    messages: readonly { queue: string; body: string; delayMs?: number }[],
    checkpoint?: { name: string; value: string },
  ): Promise<void>;
  /** The newest checkpoint of that name. */
  checkpoint(name: string): Promise<string | undefined>;
  /**
   * Takes up to `max` visible messages, roughly those longest visible first, and hides them until
   * `visibilityMs` from now. No two receivers get a message at the same time.
   */
  receive(queue: string, options: { max: number; visibilityMs: number }): Promise<QueueMessage[]>;
  /** Done with these, wherever they are; dead letters too. Unknown ids are passed over. */
  remove(queue: string, ids: readonly string[]): Promise<void>;
  /** Visible again after `delayMs`. A message that is gone or dead stays so. */
  release(queue: string, id: string, delayMs: number): Promise<void>;
  /** To the dead letters, with why. A message that is gone or dead stays so. */
  bury(queue: string, id: string, reason: string): Promise<void>;
  /** The first buried first. */
  deadLetters(queue: string, limit: number): Promise<DeadLetter[]>;
  /** Puts dead letters back (all of them without `ids`), their receives counted anew. How many were. */
  redrive(queue: string, ids?: readonly string[]): Promise<number>;
  /**
   * Makes all messages in flight visible: for the start of the only process that works on them.
   * Delayed ones stay delayed.
   */
  recover(): Promise<void>;
  /** Per queue that holds anything. */
  depths(): Promise<Record<string, QueueDepth>>;
};
