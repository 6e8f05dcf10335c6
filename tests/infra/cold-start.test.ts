/** Each bundle starts with what the stacks give it: its environment, its secrets, the files beside it. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { environments, readGraph, type Graph } from "./graph.ts";

const root = path.resolve(import.meta.dirname, "../..");
const graph = readGraph(inject("graphs").production);

const start = async (bundle: Graph["bundles"][string], env: Record<string, string>): Promise<string> => {
  const program = `console.log(typeof (await import(${JSON.stringify(bundle.code)})).handler)`;
  const file = { SST_KEY_FILE: path.join(bundle.out, "resource.enc") };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    // Where the files are that come along.
    cwd: root,
    // Credentials are Lambda's to give; nothing is sent with these.
    env: {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      ...env,
      ...file,
      HILO_KNOWLEDGE_FILE: path.join(root, ".sst/synth/production/knowledge.json"),
    },
  });
  return stdout.trim();
};

const functions = environments(graph).map(({ name, variables: env }) => {
  const bundle = graph.bundles[name.replace(/Function$/, "")];
  if (!bundle) throw new Error(`${name} was not built`);
  return { name, bundle, env };
});

test.each(functions)("$name starts with what it is given", async ({ bundle, env }) => {
  expect(await start(bundle, env)).toBe("function");
});

describe("a setting that is missing or wrong is named when the function starts", () => {
  const sender = functions.find(({ name }) => name === "SendMessageFunction");
  if (!sender) throw new Error("there is no SendMessageFunction");

  test.each(["HILO_EVENTS_TABLE", "HILO_GRAPH_VERSION"])("%s", async (name) => {
    const { [name]: _, ...env } = sender.env;
    await expect(start(sender.bundle, env)).rejects.toThrow(name);
  });
});
