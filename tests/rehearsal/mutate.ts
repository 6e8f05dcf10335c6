/** Loads Hilo with one mutation: `node --import ./tests/rehearsal/mutate.ts …`, named by HILO_MUTATION. */
import { registerHooks } from "node:module";
import { mutations, type Edit } from "./mutations.ts";

const name = process.env["HILO_MUTATION"] ?? "";
const mutation = mutations.find((one) => one.name === name);
if (!mutation) throw new Error(`there is no mutation "${name}"`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const edits = mutation.edits.filter(({ file }) => url.endsWith(`/${file}`));
    if (edits.length === 0) return loaded;
    return { ...loaded, source: edits.reduce(edited, textOf(loaded.source)) };
  },
});

const edited = (source: string, { file, find, replace }: Edit): string => {
  if (source.split(find).length !== 2)
    throw new Error(`${name}: ${file} does not hold, exactly once: ${find}`);
  return source.replace(find, () => replace);
};

const textOf = (source: unknown): string =>
  typeof source === "string" ? source : Buffer.from(source as Uint8Array).toString();
