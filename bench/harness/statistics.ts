export type Summary = { median: number; min: number; max: number };

/** Throws on nothing. */
export const summary = (values: readonly number[]): Summary => {
  if (values.length === 0) throw new RangeError("no values to sum up");
  const sorted = values.toSorted((a, b) => a - b);
  return { median: percentile(sorted, 50), min: percentile(sorted, 0), max: percentile(sorted, 100) };
};

/** Of ascending values, by linear interpolation between neighbours. */
export const percentile = (sorted: readonly number[], percent: number): number => {
  const place = ((sorted.length - 1) * percent) / 100;
  const [low = Number.NaN, high = low] = sorted.slice(Math.floor(place), Math.floor(place) + 2);
  return low + (high - low) * (place - Math.floor(place));
};

/** The same values in an order that `random`, in [0, 1), decides. */
export const shuffled = <Value>(values: readonly Value[], random: () => number): Value[] =>
  values
    .map((value) => ({ value, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ value }) => value);
