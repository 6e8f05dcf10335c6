import { detectLanguage } from "#core/clients/language.ts";
import { loadKnowledge } from "#core/clients/knowledge.ts";
import { evaluate, type Figures, type Miss, share } from "#core/clients/knowledge-evaluation.ts";
import { limits } from "#core/clients/offline-answers.ts";
import type { FoundPassage } from "#core/clients/passage-search.ts";
import { isLanguage, languages } from "#core/clients/terms.ts";
import type { Config } from "#core/config.ts";
import { command, settings } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readEvaluation } from "../evaluation-sets.ts";
import { mark } from "../marks.ts";
import { escape, type Output, table } from "../output.ts";
import { progressBar } from "../progress.ts";

export const knowledgeTest = command({
  name: "knowledge test",
  about: "Shows what a question would find. Without one, asks all of an evaluation set and measures.",
  positionals: ["[question]"],
  options: {
    language: {
      type: "string",
      value: languages.join("|"),
      about: "what the question is in, instead of guessing",
    },
    set: {
      type: "string",
      value: "file",
      multiple: true,
      about: "an evaluation set, instead of evaluation/*.json in HILO_KNOWLEDGE_DIR",
    },
    "min-recall": {
      type: "string",
      value: "percent",
      about: "exit code 1 when fewer answers are found first, in any language",
    },
    "max-false": {
      type: "string",
      value: "percent",
      about: "exit code 1 when more is found where there is no answer, in any language",
    },
    misses: { type: "boolean", about: "list the questions that went wrong" },
  },
  examples: [
    ['"¿abrís los domingos?"', "what it finds, best first; exit code 1 when nothing is certain enough"],
    ["--misses", "recall of the evaluation set, and what it missed"],
    ["--min-recall 90 --max-false 10", "the same as a gate"],
  ],
  async run({ values, positionals: [question], out }) {
    if (question?.trim() === "") throw new UsageError("[question] is empty: ask something, or leave it out");
    const config = settings(values);
    if (question !== undefined) return testOne(config, question, languageGiven(values.language), out);
    const gate = {
      recall: percent("min-recall", values["min-recall"]),
      falseAnswers: percent("max-false", values["max-false"]),
    };
    return testAll(config, values.set, gate, values.misses ?? false, out);
  },
});

const testOne = async (
  { HILO_KNOWLEDGE_DIR }: Config,
  question: string,
  given: (typeof languages)[number] | undefined,
  out: Output,
): Promise<number> => {
  const knowledge = await loadKnowledge(HILO_KNOWLEDGE_DIR);
  const language = given ?? (await detectLanguage(question, { known: knowledge.languages }));
  const found = await knowledge.search(question, language);
  for (const { also: _, ...passage } of found) out.value({ ...passage, answers: isCertain(passage) });
  if (found.length > 0) for (const line of table(header, found.map(row))) out.text(line);
  const certain = found.some(isCertain);
  out.note(
    certain
      ? `Asked in "${language}"; ${percentOf(limits.confidenceMin)} is enough to answer offline.`
      : `Asked in "${language}", nothing is certain enough (${percentOf(limits.confidenceMin)}): a person would be offered.`,
  );
  return certain ? 0 : 1;
};

const header = ["", "CONFIDENCE", "SOURCE", "SAYS"];

const row = (passage: FoundPassage): string[] => [
  mark(isCertain(passage) ? "ok" : "warning"),
  percentOf(passage.confidence),
  escape(passage.source),
  escape(passage.text.replace(/\s+/g, " ")),
];

const isCertain = ({ confidence }: { confidence: number }): boolean => confidence >= limits.confidenceMin;

type Gate = { recall: number | undefined; falseAnswers: number | undefined };

const testAll = async (
  { HILO_KNOWLEDGE_DIR }: Config,
  files: readonly string[] | undefined,
  gate: Gate,
  showMisses: boolean,
  out: Output,
): Promise<number> => {
  const sets = await readEvaluation(HILO_KNOWLEDGE_DIR, files);
  const bar = progressBar("Asking", "questions");
  const knowledge = await loadKnowledge(HILO_KNOWLEDGE_DIR);
  const { figures, misses } = await evaluate(knowledge, sets, bar.progress).finally(bar.end);
  const passed = figures.map((each) => passes(each, gate));
  const result = { figures: figures.map(measured), passed: passed.every(Boolean), hash: knowledge.hash };
  out.value(showMisses ? { ...result, misses } : result);
  const rows = figures.map((each, index) => figuresRow(each, passed[index] ?? true));
  for (const line of table(figuresHeader, rows)) out.text(line);
  if (showMisses) for (const miss of misses) out.text(missLine(miss));
  return result.passed ? 0 : 1;
};

const figuresHeader = [
  "",
  "LANGUAGE",
  "QUESTIONS",
  "RECALL@1",
  "RECALL@3",
  "WITHOUT ANSWER",
  "FALSE ANSWERS",
];

const measured = (figures: Figures) => ({
  ...figures,
  recallAt1: share(figures.first, figures.asked),
  recallAt3: share(figures.firstThree, figures.asked),
  falseAnswerRate: figures.declined === 0 ? 0 : figures.falseAnswers / figures.declined,
});

const figuresRow = (figures: Figures, passed: boolean): string[] => {
  const { recallAt1, recallAt3, falseAnswerRate } = measured(figures);
  return [
    mark(passed ? "ok" : "bad"),
    figures.language,
    String(figures.asked),
    percentOf(recallAt1),
    percentOf(recallAt3),
    String(figures.declined),
    percentOf(falseAnswerRate),
  ];
};

const missLine = ({ question, wanted = "nothing", found = "nothing" }: Miss): string =>
  `"${escape(question)}" found ${escape(found)}, not ${escape(wanted)}`;

const passes = (figures: Figures, { recall, falseAnswers }: Gate): boolean => {
  const { recallAt1, falseAnswerRate } = measured(figures);
  return (
    (recall === undefined || recallAt1 * 100 >= recall) &&
    (falseAnswers === undefined || falseAnswerRate * 100 <= falseAnswers)
  );
};

const percentOf = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`;

const percent = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(text) || Number(text) > 100)
    throw new UsageError(`--${name} takes a number from 0 to 100`);
  return Number(text);
};

const languageGiven = (text: string | undefined): (typeof languages)[number] | undefined => {
  if (text === undefined || isLanguage(text)) return text;
  throw new UsageError(`--language is one of ${languages.join(", ")}`);
};
