import { readFile } from "node:fs/promises";
import type * as z from "zod";

/** A file that a setting names can't be used: the message says which setting, which file, and why. */
export class SettingFileError extends Error {
  override name = "SettingFileError";
}

/** Reads the JSON file that a setting names. Throws a `SettingFileError`. */
export const readSettingFile = async <Value>(
  setting: string,
  file: string,
  schema: z.ZodType<Value>,
): Promise<Value> => {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new SettingFileError(`${setting}: there is no file ${file}`, { cause });
  });
  const parsed = schema.safeParse(parseJson(setting, file, text));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new SettingFileError(`${setting}: ${file}: ${wrong.join("; ")}`);
};

const parseJson = (setting: string, file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingFileError(`${setting}: ${file} is not JSON`, { cause });
  }
};
