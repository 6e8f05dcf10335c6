/**
 * Which inbound ids a conversation knows (D4): one text for each day (UTC) on which any came, ` <id>=<digest>` for each.
 * A busy month is thousands of ids: as texts they are read and written in a fraction of the time that objects take.
 * Ids and digests are pseudonyms, so neither holds a space or an equals sign.
 */
export type Seen = Record<string, string>;

/** How long inbound ids are remembered at least (Meta repeats for up to 7 days), by whole days; and how many at least. */
export const seenForMs = 30 * 24 * 3_600_000;
export const seenAtLeast = 50;

/** The digest that came with an id; undefined for one that is not known. */
export const digestOf = (seen: Seen, id: string): string | undefined => {
  const entry = ` ${id}=`;
  for (const ids of Object.values(seen)) {
    const start = ids.indexOf(entry);
    if (start >= 0) return untilSpace(ids, start + entry.length);
  }
  return undefined;
};

export const knows = (seen: Seen, id: string): boolean => digestOf(seen, id) !== undefined;

/** Every known id and its digest, those of the oldest day first. */
export const seenIds = (seen: Seen): Record<string, string> =>
  Object.fromEntries(
    entriesOf(seen).map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );

/** Notes down an id that is not known yet. What is too old is forgotten whenever a new day begins. */
export const remember = (seen: Seen, id: string, digest: string, at: string): void => {
  const day = at.slice(0, dayLength);
  const begins = seen[day] === undefined;
  seen[day] = `${seen[day] ?? ""} ${id}=${digest}`;
  if (begins) forget(seen, dayOf(Date.parse(at) - seenForMs));
};

const forget = (seen: Seen, horizon: string): void => {
  const old = Object.keys(seen).filter((day) => day < horizon);
  if (old.length === 0) return;
  let left = Object.values(seen).reduce((sum, ids) => sum + countOf(ids), 0);
  for (const day of old.toSorted()) {
    left -= countOf(seen[day] ?? "");
    if (left < seenAtLeast) return;
    delete seen[day];
  }
};

const countOf = (ids: string): number => ids.split(" ").length - 1;

const entriesOf = (seen: Seen): string[] =>
  Object.keys(seen)
    .toSorted()
    .flatMap((day) => (seen[day] ?? "").split(" ").slice(1));

const untilSpace = (text: string, start: number): string => {
  const end = text.indexOf(" ", start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
};

const dayLength = "2026-11-23".length;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, dayLength);
