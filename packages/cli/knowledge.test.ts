import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { pdf } from "#core/testing/pdf.ts";
import { runHilo } from "./testing/hilo-on-disk.ts";

const root = mkdtempSync(join(tmpdir(), "hilo-knowledge-"));
afterAll(() => rmSync(root, { recursive: true }));

const bread = "# Bread\n\n## Our bread\n\nAll of it is sourdough.";

let made = 0;
const place = (files: Record<string, string | Buffer> = {}) => {
  const home = join(root, String(made++));
  const directory = join(home, "knowledge");
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(home, name, ".."), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  const env = { HILO_DATA_DIR: join(home, "data"), HILO_KNOWLEDGE_DIR: directory };
  return {
    directory,
    at: (name: string) => join(home, name),
    hilo: (...args: string[]) => runHilo(env, "knowledge", ...args),
  };
};

it.concurrent("a file is added under the name of its subject and language, and listed", async () => {
  const { directory, at, hilo } = place({ "Our Bread.md": bread, "carta.es.pdf": pdf([["Hay pan."]]) });
  expect(await hilo("add", at("Our Bread.md"), "--language", "en")).toEqual({
    code: 0,
    stdout: 'our-bread.en.md: 1 passage about "Bread".\n',
    stderr: "",
  });
  expect((await hilo("add", at("carta.es.pdf"))).code).toBe(0);
  expect(readdirSync(directory)).toEqual(["carta.es.pdf", "our-bread.en.md"]);
  const { stdout } = await hilo("list", "--json");
  const [carta, ourBread, all] = stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(carta).toMatchObject({ name: "carta.es.pdf", language: "es", passages: 1 });
  expect(ourBread).toMatchObject({ name: "our-bread.en.md", bytes: 46, title: "Bread" });
  expect(all).toEqual({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
});

it.concurrent("a document that is there is only replaced when told to", async () => {
  const { directory, at, hilo } = place({
    "bread.en.md": `${bread} Nearly.`,
    "knowledge/bread.en.md": bread,
  });
  const refused = await hilo("add", at("bread.en.md"));
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("--replace") as string });
  expect(readFileSync(join(directory, "bread.en.md"), "utf8")).toBe(bread);
  expect((await hilo("add", at("bread.en.md"), "--replace")).code).toBe(0);
  expect(readFileSync(join(directory, "bread.en.md"), "utf8")).toContain("Nearly");
});

it.concurrent("a document that looks like another language is added, and that is said", async () => {
  const { hilo, at } = place({ "bread.md": bread });
  expect(await hilo("add", at("bread.md"), "--language", "es")).toMatchObject({
    code: 0,
    stderr: "It looks like en, and only questions in es will find it.\n",
  });
});

it.concurrent("an evaluation set that is not there is not called a wrong one", async () => {
  const { hilo, at } = place({ "knowledge/bread.en.md": bread, "set.json": "{" });
  expect((await hilo("test", "--set", at("gone.json"))).stderr).toMatch(/there is no file .*gone\.json/);
  expect((await hilo("test", "--set", at("set.json"))).stderr).toContain("is no evaluation set");
});

it.concurrent("what can't be read is refused, and leaves nothing behind", async () => {
  const files = { "menu.es.pdf": pdf([["Hola."]], { locked: true }), "empty.en.md": "# Nothing\n" };
  const { directory, at, hilo } = place({ ...files, "menu.md": "# Carta\n\nHoy hay pan para todos." });
  expect((await hilo("add", at("menu.es.pdf"))).stderr).toContain("locked by a password");
  expect((await hilo("add", at("empty.en.md"))).stderr).toContain("has no text");
  expect((await hilo("add", at("gone.en.md"))).stderr).toContain("there is no file");
  expect(await hilo("add", at("menu.md"))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("which looks like es") as string,
  });
  expect(readdirSync(directory)).toEqual([]);
});

it.concurrent("a question shows what it finds, and fails when nothing is certain enough", async () => {
  const { hilo } = place({ "knowledge/bread.en.md": bread });
  const found = await hilo("test", "is your bread sourdough?");
  expect(found).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/✓ .* %\s+bread\.en\.md#our-bread\s+All of it/) as string,
  });
  const unknown = await hilo("test", "what is the tallest mountain?");
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("a person would be offered") as string,
  });
});

it.concurrent("an evaluation set is measured, listed where it failed, and is a gate", async () => {
  const set = {
    answered: { "bread.en.md#our-bread": ["is the bread sourdough?", "opening hours?"] },
    declined: { en: ["do you sell shoes?", "sourdough shoes?"] },
  };
  const { hilo } = place({
    "knowledge/bread.en.md": bread,
    "knowledge/evaluation/set.json": JSON.stringify(set),
  });
  const { code, stdout } = await hilo(
    "test",
    "--json",
    "--misses",
    "--max-false",
    "50",
    "--min-recall",
    "50",
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: true,
    figures: [
      {
        language: "en",
        asked: 2,
        recallAt1: 0.5,
        recallAt3: 0.5,
        declined: 2,
        falseAnswerRate: expect.any(Number) as number,
      },
    ],
    misses: expect.arrayContaining([
      { question: "opening hours?", language: "en", wanted: "bread.en.md#our-bread" },
    ]) as unknown[],
  });
  expect((await hilo("test", "--min-recall", "50.1")).code).toBe(1);
});

it.concurrent("a set that is none is named", async () => {
  const { at, hilo } = place({ "knowledge/bread.en.md": bread, "set.json": "{}" });
  expect(await hilo("test", "--set", at("set.json"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("set.json is no evaluation set") as string,
  });
  expect((await hilo("test")).stderr).toContain("there is no evaluation set");
});
