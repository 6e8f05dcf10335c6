import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";
import { loadKnowledge } from "./knowledge.ts";
import { offlineModel } from "./offline-model.ts";

const directory = fileURLToPath(new URL("../../../knowledge/", import.meta.url));

/** By source, the questions that it answers; by language, those that nothing answers. */
const Questions = z.object({
  answered: z.record(z.string(), z.array(z.string())),
  declined: z.record(z.string(), z.array(z.string())),
});

/**
 * Thresholds, word lists and the sample's `also` lines were chosen on tuning.json alone. It holds two earlier held-out sets too:
 * they found 0.88 and 0.89 with 0.14 and 0.25 false answers, and stopped being held out when their errors were looked at.
 */
test("the held-out questions get the one passage that answers them, and nothing else gets one", async () => {
  const { recall, wrong, falseAnswers } = await measure("held-out");
  expect(recall).toBeGreaterThanOrEqual(0.9);
  expect(wrong).toBeLessThanOrEqual(0.05);
  expect(falseAnswers).toBeLessThanOrEqual(0.1);
});

test("the questions that the thresholds were chosen on do better, as they should", async () => {
  const { recall, falseAnswers } = await measure("tuning");
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(falseAnswers).toBeLessThanOrEqual(0.1);
});

async function measure(name: string) {
  const { answered, declined } = Questions.parse(
    JSON.parse(await readFile(`${directory}evaluation/${name}.json`, "utf8")),
  );
  const model = offlineModel({ knowledge: await loadKnowledge(directory) });
  const ask = (text: string) => model.answer({ turns: [{ from: "customer", kind: "text", text }] });

  const asked = Object.entries(answered).flatMap(([source, questions]) =>
    questions.map((question) => ({ source, question })),
  );
  const answers = await Promise.all(
    asked.map(async ({ source, question }) => ({ source, found: (await ask(question)).sources })),
  );
  const others = await Promise.all(Object.values(declined).flat().map(ask));

  const right = answers.filter(({ source, found }) => found.length === 1 && found[0] === source).length;
  const unanswered = answers.filter(({ found }) => found.length === 0).length;
  const falselyAnswered = others.filter((answer) => answer.intent !== "offer-human").length;
  const figures = {
    recall: right / answers.length,
    wrong: (answers.length - right - unanswered) / answers.length,
    falseAnswers: falselyAnswered / others.length,
  };
  process.stdout.write(
    `${name}: ${right} of ${answers.length} right, ${unanswered} unanswered, ${falselyAnswered} of ${others.length} falsely answered\n`,
  );
  return figures;
}
