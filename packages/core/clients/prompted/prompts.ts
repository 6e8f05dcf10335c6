import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** What a model is told before anything else: a file of Markdown, word for word. `hash` is its SHA-256, in hex. */
export type Prompt = { text: string; hash: string };
export type Prompts = { answer: Prompt; summarise: Prompt };

export const promptBytesMax = 32 * 1024;
const setting = "HILO_PROMPTS_DIR";

/** A prompt can't be used: the message names the file and the setting. */
export class PromptsError extends Error {
  override name = "PromptsError";
}

/** Reads `answer.md` and `summarise.md`. Throws a `PromptsError` where one is missing, empty or too big. */
export async function loadPrompts(directory: string): Promise<Prompts> {
  const [answer, summarise] = await Promise.all([read(directory, "answer"), read(directory, "summarise")]);
  return { answer, summarise };
}

/** The same from memory. */
export function promptOf(text: string): Prompt {
  return { text: text.trim(), hash: createHash("sha256").update(text).digest("hex") };
}

async function read(directory: string, name: string): Promise<Prompt> {
  const path = join(directory, `${name}.md`);
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new PromptsError(`There is no prompt "${path}" (${setting})`, { cause });
  });
  if (size > promptBytesMax)
    throw new PromptsError(`Prompt "${path}" has ${size} bytes; the limit is ${promptBytesMax} (${setting})`);
  const prompt = promptOf(await readFile(path, "utf8"));
  if (prompt.text === "") throw new PromptsError(`Prompt "${path}" is empty (${setting})`);
  return prompt;
}
