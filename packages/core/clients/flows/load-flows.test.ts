import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadFlows } from "./load-flows.ts";

const sample = await readFile(
  fileURLToPath(new URL("../../../../flows/reservation.json", import.meta.url)),
  "utf8",
);

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hilo-flows-"));
});
afterEach(() => rm(directory, { recursive: true }));
const put = (name: string, content: string) => writeFile(join(directory, name), content);

it("without a directory there are no flows, and one that is missing is named", async () => {
  expect(await loadFlows("")).toEqual([]);
  expect(await loadFlows(directory)).toEqual([]);
  await expect(loadFlows(join(directory, "nowhere"))).rejects.toThrow(/HILO_FLOWS: .*nowhere/);
});

it.each([
  ["what is no JSON", "{", "is no JSON"],
  ["another field", sample.replace('"timeZone"', '"timezone"'), "timeZone"],
  ["a zone that is none", sample.replace("Europe/Madrid", "Europe/Cádiz"), "expected a time zone"],
  [
    "a text without its translation",
    sample.replace('"es": "¿A qué hora?"', '"pt": "Que horas?"'),
    "slots.time.ask: has no text in es",
  ],
  [
    "a title longer than a button",
    sample.replace("Coffee and cake", "Coffee and cake and more"),
    "slots.3.choices.2.title.en",
  ],
  [
    "two slots of the same name",
    sample.replace('"name": "meal"', '"name": "guests"'),
    "two slots have the same name",
  ],
  ["more than anyone writes", sample + " ".repeat(65_536), "is longer than 65536"],
])("%s is named with its file", async (_, content, reason) => {
  await put("reservation.json", content);
  const error = await loadFlows(directory).catch(String);
  expect(error).toContain("reservation.json");
  expect(error).toContain(reason);
});

it("two flows of the same name are refused", async () => {
  await put("a.json", sample);
  await put("b.json", sample);
  await expect(loadFlows(directory)).rejects.toThrow('hold the flow "reservation"');
});
