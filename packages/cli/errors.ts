/** What goes wrong in ways that a person at the terminal can mend. Messages are one sentence that says how. */

/** The command line is not as it must be. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The command could not do what it was asked for. */
export class Failure extends Error {
  override name = "Failure";
}
