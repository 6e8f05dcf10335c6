import { expect, it } from "vitest";
import * as z from "zod";
import type { Graph } from "../../infra/graph.ts";
import { awsClients } from "./clients.ts";
import { deploy } from "./deploy.ts";
import { creators, skipped } from "./resources/all.ts";
import { resource } from "./resources/resource.ts";

// Nobody listens there, and nobody is asked.
const aws = awsClients("http://127.0.0.1:9");

type Declared = {
  type: string;
  name: string;
  custom?: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
};

const graphOf = (...declared: Declared[]): Graph => ({
  app: { stage: "ana", removal: "remove", protect: false },
  bundles: {},
  resources: declared.map((each) => ({
    custom: true,
    retainOnDelete: false,
    inputs: {},
    outputs: {},
    ...each,
  })),
});

const key = { type: "key", name: "Key", id: "Key", outputs: { arn: "arn:aws:key/Key" } };
const made = () => Promise.resolve({ id: "9a7", arn: "arn:aws:key/9a7" });

it("refuses what it doesn't know, by name, before it makes anything", async () => {
  let count = 0;
  const tables = { creators: { key: () => (count++, made()) }, skipped: {} };
  const graph = graphOf(key, { type: "aws:new/thing:Thing", name: "Clock" });
  await expect(deploy(graph, tables, aws)).rejects.toThrow(
    "the deployer can't make aws:new/thing:Thing (Clock): teach it, or say why it is skipped",
  );
  expect(count).toBe(0);
});

it("refuses to both make and skip", async () => {
  const tables = { creators: { key: made }, skipped: { key: "no use" } };
  await expect(deploy(graphOf(key), tables, aws)).rejects.toThrow("both makes and skips key (Key)");
});

it("refuses an input that it would not pass on", async () => {
  const tables = { creators: { key: resource({ name: z.string() }, made) }, skipped: {} };
  const graph = graphOf({ ...key, inputs: { name: "mine", rotation: true } });
  await expect(deploy(graph, tables, aws)).rejects.toThrow(/key Key could not be made: .*rotation/s);
});

it("makes nothing of what only groups others, and nothing of what is skipped", async () => {
  const graph = graphOf(
    { type: "sst:aws:Bucket", name: "Group", custom: false },
    { type: "alarm", name: "Alarm" },
  );
  const deployed = await deploy(graph, { creators: {}, skipped: { alarm: "it watches" } }, aws);
  expect(deployed.outputs("alarm", "Alarm")).toEqual({});
  expect(() => deployed.outputs("alarm", "Other")).toThrow("the stacks declare no alarm Other");
});

it("puts what AWS answered wherever it was evaluated: whole, within a policy, and within no other name", async () => {
  const policy = JSON.stringify({ Resource: ["arn:aws:key/Key", "arn:aws:key/Key/*"], Sid: "MyKey" });
  const inputs = { keyId: "Key", name: "hilo-Key-1", list: [{ policy }], url: "https://Key.aws/Key" };
  const graph = graphOf(key, { type: "user", name: "User", inputs });
  const deployed = await deploy(
    graph,
    { creators: { key: made, user: () => Promise.resolve({}) }, skipped: {} },
    aws,
  );
  expect(deployed.inputs("user", "User")).toEqual({
    keyId: "9a7",
    name: "hilo-Key-1",
    list: [{ policy: policy.replaceAll("key/Key", "key/9a7") }],
    url: "https://9a7.aws/9a7",
  });
});

it("refuses an evaluated answer that may stand for something else too", async () => {
  const graph = graphOf({ ...key, inputs: { name: "Key" } });
  await expect(deploy(graph, { creators: { key: made }, skipped: {} }, aws)).rejects.toThrow(
    "is an input too",
  );
});

it("gives a reason for each type that it skips, and skips none that it makes", () => {
  for (const reason of Object.values(skipped)) expect(reason.length).toBeGreaterThan(20);
  expect(Object.keys(skipped).filter((type) => type in creators)).toEqual([]);
});
