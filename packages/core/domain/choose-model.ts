/**
 * Which model to ask, and which after it: a policy, so that every choice can be explained and repeated.
 * Of those that are there, allowed and in time, the cheapest that is good enough; a late answer before none.
 */

/** What a look at the text tells, before any model is asked. */
export type Hint = "greeting" | "short-question" | "complex" | "complaint";

/** How hard a question a model may be given: 1 looks things up, 3 weighs them. */
export type Quality = 1 | 2 | 3;

export type Candidate = {
  id: string;
  /** Until the whole answer is there, on a usual day. */
  expectedMs: number;
  /** Of one answer to this request, at most. */
  costUsd: number;
  quality: Quality;
  /** Those that it answers in (BCP 47); any, when absent. */
  languages?: readonly string[];
  /** Only asked when every other one is out of the question. */
  lastResort?: boolean;
};

export type Situation = {
  hint: Hint;
  /** What the conversation is held in, where that is known. */
  language?: string;
  /** The customer sent more than text. */
  media: boolean;
  /** How much the customer's business matters; nothing in Hilo says "valued" of its own. */
  customer: "standard" | "valued";
  budgetLeftUsd: number;
  timeLeftMs: number;
  openCircuits: ReadonlySet<string>;
  candidates: readonly Candidate[];
};

export type ModelChoice = {
  /** Kebab-case. */
  reason: string;
  /** Ids, the first to be asked first. */
  chain: string[];
  passedOver: { id: string; reason: string }[];
};

/** So much longer may a question take that needs more of a model: a customer would rather wait than be told nonsense. */
export const extraMs = { 1: 0, 2: 2_000, 3: 3_000 } as const;

export const chooseModel = (situation: Situation): ModelChoice => {
  const { candidates } = situation;
  const excluded = new Map(candidates.map((candidate) => [candidate.id, whyNot(candidate, situation)]));
  const eligible = candidates.filter(({ id }) => excluded.get(id) === undefined);
  const needed = neededQuality(situation);
  const leftMs = situation.timeLeftMs + extraMs[needed];
  const ranked = eligible
    .map((candidate) => ({ candidate, rank: rankOf(candidate, needed, leftMs) }))
    .toSorted((a, b) => compare(a, b));
  const first = ranked[0];
  return {
    reason: first ? reasonFor(situation, first.rank) : "no-candidate",
    chain: ranked.map(({ candidate }) => candidate.id),
    passedOver: [
      ...candidates.flatMap(({ id }) => {
        const reason = excluded.get(id);
        return reason === undefined ? [] : [{ id, reason }];
      }),
      ...ranked
        .slice(1)
        .flatMap(({ candidate, rank }) =>
          first && candidate.costUsd < first.candidate.costUsd && rank !== first.rank
            ? [{ id: candidate.id, reason: rank }]
            : [],
        ),
    ],
  };
};

const whyNot = (candidate: Candidate, situation: Situation): string | undefined => {
  const { openCircuits, budgetLeftUsd, language } = situation;
  if (openCircuits.has(candidate.id)) return "circuit-open";
  if (candidate.costUsd > budgetLeftUsd) return "over-budget";
  if (language !== undefined && candidate.languages && !candidate.languages.includes(language))
    return "language-unknown";
  return undefined;
};

/** Anger is not for the least of models, nor is what was seen in a picture. */
const neededQuality = ({ hint, media, customer }: Situation): Quality => {
  const asked = { greeting: 1, "short-question": media ? 2 : 1, complex: 2, complaint: 3 } as const;
  const quality = asked[hint];
  return customer === "valued" && quality === 2 ? 3 : quality;
};

/** In the order of their worth; each but the first is a reason to pass over. */
const ranks = ["good-enough", "below-quality", "too-slow", "last-resort"] as const;
type Rank = (typeof ranks)[number];

const rankOf = (candidate: Candidate, needed: Quality, leftMs: number): Rank => {
  if (candidate.lastResort) return "last-resort";
  if (candidate.expectedMs > leftMs) return "too-slow";
  return candidate.quality >= needed ? "good-enough" : "below-quality";
};

type Ranked = { candidate: Candidate; rank: Rank };

const compare = (a: Ranked, b: Ranked): number =>
  ranks.indexOf(a.rank) - ranks.indexOf(b.rank) ||
  within(a.rank, a.candidate, b.candidate) ||
  (a.candidate.id < b.candidate.id ? -1 : 1);

const within = (rank: Rank, a: Candidate, b: Candidate): number => {
  const cheaper = a.costUsd - b.costUsd || a.expectedMs - b.expectedMs;
  if (rank === "below-quality") return b.quality - a.quality || cheaper;
  if (rank === "too-slow") return a.expectedMs - b.expectedMs || cheaper;
  return cheaper;
};

const reasonFor = ({ hint, media, customer }: Situation, rank: Rank): string => {
  if (rank === "below-quality") return "best-in-time";
  if (rank === "too-slow") return "fastest-of-late";
  if (rank === "last-resort") return "last-resort";
  if (customer === "valued" && hint === "complex") return "valued-customer";
  return media && hint === "short-question" ? "media" : hint;
};
