export type Recently<Value> = {
  get(name: string): Value | undefined;
  keep(name: string, value: Value): Value;
  drop(name: string): void;
};

/** Values at hand, each for a time if one is set; of too many, the least recently used goes first. */
export const recently = <Value>({
  max,
  forMs = Infinity,
  now = Date.now,
}: {
  max: number;
  forMs?: number;
  now?: () => number;
}): Recently<Value> => {
  const kept = new Map<string, { value: Value; until: number }>();
  return {
    get(name) {
      const found = kept.get(name);
      kept.delete(name);
      if (!found || found.until <= now()) return undefined;
      kept.set(name, found);
      return found.value;
    },
    keep(name, value) {
      kept.delete(name);
      kept.set(name, { value, until: now() + forMs });
      const [oldest] = kept.keys();
      if (kept.size > max && oldest !== undefined) kept.delete(oldest);
      return value;
    },
    drop(name) {
      kept.delete(name);
    },
  };
};
