/** What is to be done, the least first. */
export type Heap<Item> = { push(item: Item): void; pop(): Item | undefined };

export const heap = <Item>(before: (a: Item, b: Item) => boolean): Heap<Item> => {
  const items: Item[] = [];
  const precedes = (a: number, b: number): boolean => {
    const [one, other] = [items[a], items[b]];
    return one !== undefined && other !== undefined && before(one, other);
  };
  const swap = (a: number, b: number): void => {
    const [one, other] = [items[a], items[b]];
    if (one !== undefined && other !== undefined) [items[a], items[b]] = [other, one];
  };
  const sink = (place: number): void => {
    const [left, right] = [2 * place + 1, 2 * place + 2];
    let least = place;
    if (precedes(left, least)) least = left;
    if (precedes(right, least)) least = right;
    if (least === place) return;
    swap(place, least);
    sink(least);
  };
  return {
    push(item) {
      let place = items.push(item) - 1;
      for (let up = (place - 1) >> 1; place > 0 && precedes(place, up); up = (place - 1) >> 1) {
        swap(place, up);
        place = up;
      }
    },
    pop() {
      const [first] = items;
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink(0);
      }
      return first;
    },
  };
};
