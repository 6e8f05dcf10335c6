import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Flow } from "./flow.ts";

/** The flows can't be used: the message names the file, the setting and what is wrong. */
export class FlowsError extends Error {
  override name = "FlowsError";
}

const setting = "HILO_FLOWS";
const fileCharactersMax = 64 * 1024;
const flowsMax = 50;

/** Reads every `*.json` of a directory; none where the setting is empty. Throws a `FlowsError`. */
export async function loadFlows(directory: string): Promise<Flow[]> {
  if (directory === "") return [];
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new FlowsError(`${setting}: there is no directory ${directory}`, { cause });
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  if (files.length > flowsMax)
    throw new FlowsError(`${setting}: ${directory} has more than ${flowsMax} flows`);
  const flows = await Promise.all(files.map((name) => loadFlow(join(directory, name))));
  const twice = flows.find(({ name }, index) => flows.findIndex((other) => other.name === name) < index);
  if (twice) throw new FlowsError(`${setting}: two files of ${directory} hold the flow "${twice.name}"`);
  return flows;
}

async function loadFlow(file: string): Promise<Flow> {
  const text = await readFile(file, "utf8");
  if (text.length > fileCharactersMax)
    throw new FlowsError(`${setting}: ${file} is longer than ${fileCharactersMax} characters`);
  // to compile a schema, as zod does for what is parsed often, takes longer than to read a file once
  const parsed = Flow.safeParse(parseJson(text, file), { jitless: true });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new FlowsError(`${setting}: ${file}: ${wrong.join("; ")}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FlowsError(`${setting}: ${file} is no JSON`, { cause });
  }
}
