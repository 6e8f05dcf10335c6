/** Sums that many add to at once, such as what a day has cost. */
export type Tally = {
  /** Adds a whole number, and answers nothing: what others add at the same moment counts as well. Keys hold nothing personal. */
  add(key: string, amount: number, forgetAtMs: number): Promise<void>;
  /** What was added; 0 when nothing was, or it is forgotten. May lack what was added a moment ago. */
  read(key: string): Promise<number>;
};
