/** Long answers in as few messages as WhatsApp allows, since each is billed. */
import { codePoints, limits } from "./limits.ts";

/**
 * The text as it is when one message holds it. Otherwise the fewest parts of at most `max` code points, each
 * cut at the end of a paragraph if that costs no further part, else of a line, a sentence or a word. A word is
 * cut only when it is longer than a message, and then between two characters as people see them (graphemes).
 * Only the white space at the cuts is left out.
 */
export const splitText = (text: string, max: number = limits.text): string[] => {
  if (codePoints(text) <= max) return [text];
  const atoms = atomsOf(text, max);
  const cuts = cutsOf(atoms, max, sentenceStarts(text));
  const last = trimmedEnd(atoms);
  const parts: string[] = [];
  let from = cuts.get(0)?.next ?? 0;
  while (from < last) {
    const cut = bestCut(atoms, cuts, { from, last, max });
    parts.push(textOf(atoms, from, cut.end));
    from = cut.next;
  }
  return parts;
};

/** What is never cut: a grapheme, at `offset` in the text, of so many code points. */
type Atom = { text: string; offset: number; size: number; isSpace: boolean };
/** From the best place to cut to the worst. */
const ranks = ["paragraph", "line", "sentence", "word", "grapheme"] as const;
/** A part ends before the atom `end`, and the next one begins at the atom `next`. */
type Cut = { end: number; next: number; rank: (typeof ranks)[number] };
type Cuts = ReadonlyMap<number, Cut>;
type Window = { from: number; last: number; max: number };

/** Made where a text is cut, which few are: the first segmenter takes 9 ms of CPU. */
const segmentsOf = (text: string, granularity: "grapheme" | "sentence"): Intl.SegmentData[] =>
  Array.from(new Intl.Segmenter("en", { granularity }).segment(text));

const SPACE = /^\s+$/;

/** A grapheme that is longer than a message (a letter under thousands of accents) falls into code points. */
const atomsOf = (text: string, max: number): Atom[] =>
  segmentsOf(text, "grapheme").flatMap(({ segment, index }) => {
    const size = codePoints(segment);
    if (size <= max) return [{ text: segment, offset: index, size, isSpace: SPACE.test(segment) }];
    return Array.from(segment, (point) => ({ text: point, offset: index, size: 1, isSpace: false }));
  });

const sentenceStarts = (text: string): ReadonlySet<number> =>
  new Set(segmentsOf(text, "sentence").map(({ index }) => index));

/** By where the part ends: one at each run of white space, and one between any two atoms of an overlong word. */
const cutsOf = (atoms: readonly Atom[], max: number, starts: ReadonlySet<number>): Cuts => {
  const cuts = new Map<number, Cut>();
  const beginsSentence = (at: number) => starts.has(atoms[at]?.offset ?? -1);
  for (let end = 0; end < atoms.length;) {
    const next = endOfRun(atoms, end);
    if (atoms[end]?.isSpace)
      cuts.set(end, { end, next, rank: rankOf(textOf(atoms, end, next), beginsSentence(next)) });
    else if (sizeOf(atoms, end, next) > max)
      for (let at = end + 1; at < next; at++)
        cuts.set(at, { end: at, next: at, rank: beginsSentence(at) ? "sentence" : "grapheme" });
    end = next;
  }
  return cuts;
};

/** Where the run of white space, or of anything else, is over that begins here. */
const endOfRun = (atoms: readonly Atom[], from: number): number => {
  let end = from + 1;
  while (end < atoms.length && atoms[end]?.isSpace === atoms[from]?.isSpace) end++;
  return end;
};

const rankOf = (space: string, beginsSentence: boolean): Cut["rank"] => {
  const lines = space.split(/\r\n|[\n\r\u2028\u2029]/).length - 1;
  if (lines > 0) return lines > 1 ? "paragraph" : "line";
  return beginsSentence ? "sentence" : "word";
};

const trimmedEnd = (atoms: readonly Atom[]): number => atoms.findLastIndex(({ isSpace }) => !isSpace) + 1;

/** The best cut among those after which the rest still takes as few messages as can be. */
const bestCut = (atoms: readonly Atom[], cuts: Cuts, window: Window): Cut => {
  const within = cutsWithin(atoms, cuts, window);
  const latest = within[0] ?? { end: window.last, next: window.last, rank: "grapheme" };
  const restOf = (cut: Cut) => partsOf(atoms, cuts, { ...window, from: cut.next });
  const fewest = restOf(latest);
  // The latest cut of a rank leaves the shortest rest, so if that is too long, no other of the rank will do.
  return (
    ranks
      .map((rank) => within.find((cut) => cut.rank === rank))
      .find((cut) => cut !== undefined && restOf(cut) === fewest) ?? latest
  );
};

/** How many messages it takes from here: as many as when each is as long as it can be. */
const partsOf = (atoms: readonly Atom[], cuts: Cuts, window: Window): number => {
  let parts = 0;
  for (let { from } = window; from < window.last; parts++)
    from = cutsWithin(atoms, cuts, { ...window, from })[0]?.next ?? window.last;
  return parts;
};

/** The cuts that a part from here may end with, the latest first; none when the rest fits. */
const cutsWithin = (atoms: readonly Atom[], cuts: Cuts, { from, last, max }: Window): Cut[] => {
  const found: Cut[] = [];
  let size = 0;
  for (let at = from; at < last; at++) {
    size += atoms[at]?.size ?? 0;
    if (size > max) return found.toReversed();
    const cut = cuts.get(at + 1);
    if (cut) found.push(cut);
  }
  return [];
};

const textOf = (atoms: readonly Atom[], from: number, end: number): string =>
  atoms
    .slice(from, end)
    .map(({ text }) => text)
    .join("");

const sizeOf = (atoms: readonly Atom[], from: number, end: number): number =>
  atoms.slice(from, end).reduce((sum, { size }) => sum + size, 0);
