/** Calls to the outside that stop when it is down, everywhere at once, and feel their way back (circuit breaker). */

export type OpenCircuit = {
  /** Until then no call is made, and from then on one at a time. ms since the epoch. */
  untilMs: number;
  /** How often it has failed again since it opened. */
  probes: number;
};

/** Open circuits, shared by all processes. A healthy circuit has no entry, so health costs no write. */
export type CircuitStore = {
  /** Undefined when it is closed. May be a moment old. */
  read(name: string): Promise<OpenCircuit | undefined>;
  /** Opens it, and ends a probe. Open for longer, it stays as it is. */
  open(name: string, circuit: OpenCircuit): Promise<void>;
  /**
   * When its time is over, one caller alone may try: that one gets the circuit, and has until `leaseUntilMs` to
   * say what came of it. Undefined for everyone else, and where it is closed.
   */
  claimProbe(name: string, nowMs: number, leaseUntilMs: number): Promise<OpenCircuit | undefined>;
  /** Closes it, unless it was opened again since it was seen open until `untilMs`. */
  close(name: string, untilMs: number): Promise<void>;
};

/** What a guarded call found: its result, or that it was not made. */
export type Guarded<Result> = { made: true; result: Result } | { made: false; reopensAtMs: number };

/** Whether a result counts against the service; undefined when it says nothing about it. */
export type Failed<Result> = (result: Result) => boolean | undefined;

export type Circuits = {
  /**
   * Makes the call unless its circuit is open. A throw counts against the service too, and is rethrown. Five in
   * a row open the circuit for 10 seconds, each failed probe for twice as long, up to 5 minutes. Throws, before
   * the call, what the store does.
   */
  guard<Result>(name: string, call: () => Promise<Result>, failed: Failed<Result>): Promise<Guarded<Result>>;
  /** When a call would be made again, where none would be now. Undefined when one would. */
  reopensAtMs(name: string): Promise<number | undefined>;
  /** Opens it at once and for long: an account that may not send needs a person. */
  trip(name: string, untilMs: number): Promise<void>;
};
