import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followKnowledge, modelOfCurrent } from "./follow-knowledge.ts";
import { offlineModel } from "./offline-model.ts";

let directory = "";
let now = 0;
let failures: unknown[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hilo-knowledge-"));
  now = Date.parse("2026-11-23T12:00:00Z");
  failures = [];
  await put("hours.en.md", "# Opening hours\n\nFrom 8 to 20.");
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});
const put = (name: string, text: string) => writeFile(join(directory, name), text);
const follow = () =>
  followKnowledge(directory, { clock: () => new Date(now), failed: (error) => void failures.push(error) });
const found = async (current: Awaited<ReturnType<typeof follow>>, question: string) =>
  (await (await current()).search(question, "en"))[0]?.source;
/** Whoever asks after 2 s is answered from the version before, and soon there is the next. */
const nextVersion = async (current: Awaited<ReturnType<typeof follow>>) => {
  const before = await current();
  now += 2_000;
  expect(await current()).toBe(before);
  await vi.waitFor(async () => expect(await current()).not.toBe(before));
};

test("a document that is added, changed or removed counts soon after a question that is 2 s later", async () => {
  const current = await follow();
  await put("parking.en.md", "# Parking\n\nBehind the house.");
  now += 1_999;
  expect(await found(current, "parking")).toBeUndefined();
  now -= 1_999;
  await nextVersion(current);
  expect(await found(current, "parking")).toBe("parking.en.md#parking");
  await rm(join(directory, "parking.en.md"));
  await nextVersion(current);
  expect(await found(current, "parking")).toBeUndefined();
});

test("what has not changed is the same version", async () => {
  const current = await follow();
  const before = await current();
  now += 10_000;
  expect(await current()).toBe(before);
});

test("a change that can't be read is told of once, and what was there before stays", async () => {
  const current = await follow();
  await put("menu.en.pdf", "no PDF");
  for (let look = 0; look < 3; look++) {
    now += 2_000;
    expect(await found(current, "opening hours")).toBe("hours.en.md#opening-hours");
    await vi.waitFor(() => expect(failures).not.toEqual([]));
  }
  expect(failures.map(String)).toEqual([
    'KnowledgeError: Knowledge file "menu.en.pdf" is damaged or no PDF: open it, and save it as PDF again',
  ]);
});

test("all who ask at the same moment get the same version", async () => {
  const current = await follow();
  await put("parking.en.md", "# Parking\n\nBehind the house.");
  await nextVersion(current);
  const versions = await Promise.all([current(), current(), current()]);
  expect(new Set(versions.map(({ hash }) => hash)).size).toBe(1);
  expect(versions[2]?.topics("en")).toContain("Parking");
});

test("a model answers from the current version, and its prompt hash tells which", async () => {
  const model = modelOfCurrent(await follow(), (knowledge) => offlineModel({ knowledge }));
  const ask = () => model.answer({ turns: [{ from: "customer", kind: "text", text: "parking?" }] });
  const before = await ask();
  await put("parking.en.md", "# Parking\n\nBehind the house.");
  now += 2_000;
  expect(await ask()).toEqual(before);
  const after = await vi.waitUntil(async () => {
    const answer = await ask();
    return JSON.stringify(answer) !== JSON.stringify(before) && answer;
  });
  expect(before).toMatchObject({ intent: "offer-human" });
  expect(after).toMatchObject({ intent: "answer", sources: ["parking.en.md#parking"] });
  expect(after).not.toHaveProperty("promptHash", "promptHash" in before && before.promptHash);
});
