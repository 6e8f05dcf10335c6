/** Chance without a stream of random numbers: each question has its own answer, whatever else is asked. */

/** Spreads a text over all 32 bits (FNV-1a, then MurmurHash3's finalizer). */
export const hash = (text: string, seed = 0): number => {
  let h = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) h = Math.imul(h ^ text.charCodeAt(index), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

export type Chance = {
  /** In [0, 1), for ever the same for the same question. */
  unit(question: string): number;
  between(question: string, least: number, most: number): number;
  pick<Item>(question: string, items: readonly Item[]): Item;
};

export const chance = (seed: number): Chance => {
  const unit = (question: string) => hash(question, seed) / 2 ** 32;
  return {
    unit,
    between: (question, least, most) => Math.round(least + unit(question) * (most - least)),
    pick(question, items) {
      const item = items[Math.floor(unit(question) * items.length)];
      if (item === undefined) throw new RangeError(`nothing to pick from: ${question}`);
      return item;
    },
  };
};

/** Questions without a name of their own, one after the other: for what is drawn before a history begins. */
export const draws = (seed: number, name: string) => {
  const { unit, between, pick } = chance(seed);
  let asked = 0;
  const next = () => `${name}/${asked++}`;
  return {
    happens: (probability: number) => unit(next()) < probability,
    between: (least: number, most: number) => between(next(), least, most),
    pick: <Item>(items: readonly Item[]) => pick(next(), items),
  };
};
