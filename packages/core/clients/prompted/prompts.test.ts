import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../testing/temporary.ts";
import { loadPrompts, promptBytesMax, promptOf, PromptsError } from "./prompts.ts";

const folderWith = (files: Record<string, string>): string => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

it("prompts are read word for word, and known by a hash", async () => {
  const folder = folderWith({ "answer.md": "Answer.\n", "summarise.md": "Summarise." });
  const { answer, summarise } = await loadPrompts(folder);
  expect(answer.text).toBe("Answer.");
  // sha256sum of "Summarise."
  expect(summarise.hash).toBe("e1487fa11e7d06a55c5642a100733c60a9d6e905c233bc691459c7fb24f2b7ce");
  expect(promptOf("Answer.\n").hash).not.toBe(promptOf("Answer. \n").hash);
});

it.each([
  [{ "answer.md": "Answer." }, /There is no prompt ".*summarise\.md" \(HILO_PROMPTS_DIR\)/],
  [{ "answer.md": " \n", "summarise.md": "x" }, /Prompt ".*answer\.md" is empty \(HILO_PROMPTS_DIR\)/],
  [
    { "answer.md": "x".repeat(promptBytesMax + 1), "summarise.md": "x" },
    /answer\.md" has 32769 bytes; the limit is 32768 \(HILO_PROMPTS_DIR\)/,
  ],
])("prompts that can't be used are named", async (files, why) => {
  const loading = loadPrompts(folderWith(files));
  await expect(loading).rejects.toThrow(PromptsError);
  await expect(loading).rejects.toThrow(why);
});

it("a prompt as big as allowed is read", async () => {
  const folder = folderWith({ "answer.md": "x".repeat(promptBytesMax), "summarise.md": "x" });
  expect((await loadPrompts(folder)).answer.text).toHaveLength(promptBytesMax);
});

it("those of the sample business are there, and name every field of the form", async () => {
  const { answer, summarise } = await loadPrompts(
    fileURLToPath(new URL("../../../../prompts/", import.meta.url)),
  );
  for (const field of ["reply", "intent", "needsHuman", "confidence", "sources", "sentiment", "choices"])
    expect(answer.text).toContain(`\`${field}\``);
  for (const field of ["summary", "facts", "openQuestions"]) expect(summarise.text).toContain(`\`${field}\``);
});
