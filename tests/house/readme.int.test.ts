import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { startHiloProcess, type HiloProcess } from "../support/hilo-process.ts";
import { codeBlocks, readText, root } from "./markdown.ts";

const blocks = codeBlocks(readText("README.md"));
/** Two that this test is itself, so to speak. */
const notRun = ["npm start\n", "npm test\n"];
const snippets = blocks.flatMap(({ language, text }) =>
  language === "sh" && !notRun.includes(text) ? [text] : [],
);
const [webhook = "", answer = "", events = ""] = snippets;

const missing = ["bash", "curl", "openssl"].filter((tool) => spawnSync(tool, ["--version"]).error);

const Messages = z.object({
  items: z.array(z.object({ from: z.string(), content: z.object({ text: z.string() }) })),
});

describe.skipIf(missing.length > 0)(
  `the README's snippets${missing.map((tool) => `, without ${tool}`).join("")}`,
  () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "hilo-readme-"));
    let hilo: HiloProcess;

    beforeAll(async () => {
      hilo = await startHiloProcess(dataDir);
    });
    afterAll(async () => {
      await hilo.kill("SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
    });

    /** As pasted into a terminal, but for the port; answers what it printed. */
    const run = async (snippet: string): Promise<string> => {
      const script = `set -eo pipefail\n${snippet.replaceAll("http://localhost:3000", hilo.url)}`;
      const env = { ...process.env, HILO_DATA_DIR: dataDir, HILO_PORT: new URL(hilo.url).port };
      const child = spawn("bash", ["-c", script], { cwd: root, env });
      let printed = "";
      let complained = "";
      child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (complained += chunk.toString()));
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code, `${snippet}\n${printed}\n${complained}`).toBe(0);
      return printed;
    };

    /** The page of messages that the second snippet's first query prints. */
    const conversation = async () => {
      const [now = "", then = ""] = (await run(answer)).trim().split("\n");
      return { now: Messages.parse(JSON.parse(now)), then: Messages.parse(JSON.parse(then)) };
    };

    const answered = async (): Promise<Awaited<ReturnType<typeof conversation>>> => {
      for (;;) {
        const found = await conversation().catch(() => undefined);
        if (found?.now.items.some(({ from }) => from === "bot")) return found;
        await sleep(200);
      }
    };

    test("are a webhook, its answer, and what was recorded", () => {
      expect(snippets).toHaveLength(3);
    });

    test("send a webhook that is accepted, and show the answer, now and as it was before", async () => {
      expect(await run(webhook)).toMatch(/^HTTP\/1.1 200 /);
      const { now, then } = await answered();
      expect(now.items.map(({ from }) => from)).toEqual(["customer", "bot"]);
      expect(now.items[1]?.content.text).toMatch(/Sunday: 8:30/);
      expect(then.items).toEqual(now.items.slice(0, 1));
    });

    test("list the events that the README shows, in their order", async () => {
      const [shown = ""] = blocks.flatMap(({ text }) => (text.startsWith("VERSION") ? [text] : []));
      const printed = await run(events);
      expect(typesIn(shown).length).toBeGreaterThan(5);
      expect(typesIn(printed).slice(0, typesIn(shown).length)).toEqual(typesIn(shown));
    });
  },
);

/** The third column of what `hilo events` prints. */
const typesIn = (printed: string): string[] =>
  printed.split("\n").flatMap((line) => /^ +\d+ {2}\S+ {2}(\w+)/.exec(line)?.[1] ?? []);
