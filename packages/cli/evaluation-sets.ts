import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EvaluationSet } from "#core/clients/knowledge-evaluation.ts";
import { Failure } from "./errors.ts";

/** The files given, or all of the directory's `evaluation/*.json`. Throws a `Failure` that names the one that is none. */
export const readEvaluation = async (
  directory: string,
  files: readonly string[] | undefined,
): Promise<EvaluationSet[]> => {
  const paths = files ?? (await allOf(join(directory, "evaluation")));
  return Promise.all(paths.map(readSet));
};

const allOf = async (directory: string): Promise<string[]> => {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".json"));
  if (names.length === 0)
    throw new Failure(`there is no evaluation set in ${directory}: add one, or name it with --set`);
  return names.toSorted().map((name) => join(directory, name));
};

const readSet = async (path: string): Promise<EvaluationSet> => {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Failure(`there is no file ${path}`, { cause });
  });
  try {
    return EvaluationSet.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure(
      `${path} is no evaluation set: expected {"answered": {"menu.es.md#pan": ["…?"]}, "declined": {"es": ["…?"]}}`,
      { cause },
    );
  }
};
