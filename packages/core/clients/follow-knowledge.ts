import { stat } from "node:fs/promises";
import { join } from "node:path";
import { documentNames, loadKnowledge, type Knowledge } from "./knowledge.ts";
import type { Model } from "./model.ts";

/** The knowledge base as it is now. Two answers in a row may be given from two versions of it, one never is. */
export type CurrentKnowledge = () => Promise<Knowledge>;

export type FollowOptions = {
  clock: () => Date;
  /** Told once of each change that can't be read; what was read before stays in use. */
  failed: (error: unknown) => void;
};

const lookEveryMs = 2_000;

/**
 * Reads a directory, and again when its files have changed. It looks with the first question that is at least 2 s
 * later, and nobody waits for that: what was read before answers until the new version is there.
 * Throws as `loadKnowledge` does when it can't be read at first.
 */
export async function followKnowledge(
  directory: string,
  { clock, failed }: FollowOptions,
): Promise<CurrentKnowledge> {
  let seen = await fingerprint(directory);
  let current = await loadKnowledge(directory);
  let lookedAt = clock().getTime();
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const now = await fingerprint(directory);
    if (now === seen) return;
    seen = now;
    current = await loadKnowledge(directory);
  };
  return async () => {
    if (clock().getTime() - lookedAt >= lookEveryMs) {
      lookedAt = clock().getTime();
      looking ??= look()
        .catch(failed)
        .finally(() => (looking = undefined));
    }
    return current;
  };
}

/** A model made of a knowledge base, made anew for each version of it. */
export function modelOfCurrent(current: CurrentKnowledge, make: (knowledge: Knowledge) => Model): Model {
  let made: { of: Knowledge; model: Model } | undefined;
  return {
    async answer(request) {
      const of = await current();
      if (made?.of !== of) made = { of, model: make(of) };
      return made.model.answer(request);
    },
  };
}

/** Changes with any file's name, size or time; never throws, for what can't be looked at is told of by the reading. */
async function fingerprint(directory: string): Promise<string> {
  const names = await documentNames(directory).catch(() => []);
  const looks = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(directory, name)).catch(() => undefined);
      return [name, found?.size, found?.mtimeMs];
    }),
  );
  return JSON.stringify(looks);
}
