/** Calls to the outside that stop when it is down, everywhere at once, and feel their way back (circuit breaker). */

/** Open circuits, shared by all processes. A healthy circuit has no entry, so health costs no write. */
export type CircuitStore = {
  /** Until when (ms) the circuit is open; undefined when it is closed. May be up to a second old. */
  openUntil(name: string): Promise<number | undefined>;
  /** Opens it, or leaves it open for longer. `probes` counts how often it failed again after opening. */
  open(name: string, untilMs: number): Promise<void>;
  /** At the end of its time, one caller alone may try: true for that one, which holds it until `untilMs`. */
  claimProbe(name: string, nowMs: number, untilMs: number): Promise<boolean>;
  close(name: string): Promise<void>;
};

/** What a guarded call found: its result, or that it was not made. */
export type Guarded<Result> = { made: true; result: Result } | { made: false; reopensAtMs: number };

export type Circuits = {
  /**
   * Makes the call unless its circuit is open. `failed` says which results count against the service (a
   * throw always does, and is rethrown); five in a row open the circuit.
   */
  guard<Result>(name: string, call: () => Promise<Result>, failed: (result: Result) => boolean): Promise<Guarded<Result>>;
  /** Opens it at once and for long: an account that may not send needs a person. */
  trip(name: string, untilMs: number): Promise<void>;
};
