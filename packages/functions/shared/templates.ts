import { readFile } from "node:fs/promises";
import * as z from "zod";
import type { Template } from "#core/domain/templates.ts";

const Templates = z.array(
  z.strictObject({
    /** As Meta approved it. */
    name: z.string().regex(/^[a-z0-9_]{1,512}$/, "expected Meta's name: small letters, digits and _"),
    /** Meta's code of the language it was approved in, such as `es` or `en_US`. */
    language: z.string().regex(/^[a-z]{2}(_[A-Z]{2})?$/, "expected a code such as es or en_US"),
    /** What fills the body's placeholders, in order. */
    parameters: z.array(z.enum(["contact-name"])).default([]),
  }),
);

/** The templates can't be used: the message says which and why. */
export class TemplatesError extends Error {
  override name = "TemplatesError";
}

/** Reads the templates that may be sent when the service window is closed. None without a file. */
export const loadTemplates = async (file: string): Promise<readonly Template[]> => {
  if (file === "") return [];
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) throw new TemplatesError(`HILO_TEMPLATES: there is no file ${file}`);
  const parsed = Templates.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new TemplatesError(`HILO_TEMPLATES: ${file}: ${wrong.join("; ")}`);
};

const parseJson = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new TemplatesError(`HILO_TEMPLATES: ${file} is no JSON`);
  }
};
