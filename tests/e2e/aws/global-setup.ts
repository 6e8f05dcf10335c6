/** One Hilo for all tests of the project `aws`: the stacks, evaluated and made on the emulator, between edge and WhatsApp. */
import { readFile } from "node:fs/promises";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { TestProject } from "vitest/node";
import { startMinistack } from "../../support/ministack/ministack.ts";
import { layOutPlatform, secretEnvironment, synthGraph } from "../../infra/synth.ts";
import { awsClients } from "./clients.ts";
import { deploy } from "./deploy.ts";
import { startEdge } from "./edge.ts";
import { creators, skipped } from "./resources/all.ts";
import { startWhatsapp } from "./whatsapp.ts";

export type Emulated = {
  /** Where all of AWS answers. */
  endpoint: string;
  /** MiniStack's process, parent of the Lambdas'. */
  pid: number;
  logFile: string;
  stage: string;
  /** The edge, before everything that is public. */
  url: string;
  /** The API itself, without the edge's key. */
  origin: string;
  whatsappUrl: string;
  appSecret: string;
  verifyToken: string;
  keys: { reader: string; writer: string };
};

declare module "vitest" {
  interface ProvidedContext {
    emulated: Emulated;
  }
}

const stage = "emulated";
const keys = { reader: "a-key-that-may-read", writer: "a-key-that-may-write-too" };
const appSecret = secretEnvironment["SST_SECRET_AppSecret"] ?? "";
const graphToken = secretEnvironment["SST_SECRET_GraphToken"] ?? "";
const verifyToken = secretEnvironment["SST_SECRET_VerifyToken"] ?? "";

export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const stops: (() => unknown)[] = [];
  let isUp = false;
  const teardown = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    const ministack = await startMinistack();
    stops.push(ministack.stop);
    stops.push(() => isUp || printLog(ministack.logFile));
    let webhookUrl = "";
    const whatsapp = await startWhatsapp({ appSecret, graphToken, webhookUrl: () => webhookUrl });
    stops.push(whatsapp.stop);
    const deployed = await deployStage(ministack.endpoint, whatsapp.graphUrl);
    const edge = await startEdge(
      deployed.inputs("aws:cloudfront/distribution:Distribution", "Edge"),
      ministack.endpoint,
    );
    stops.push(edge.stop);
    webhookUrl = `${edge.url}/webhook`;
    const { endpoint, pid, logFile } = ministack;
    const { url, origin } = edge;
    const places = { endpoint, pid, logFile, stage, url, origin, whatsappUrl: whatsapp.url };
    provide("emulated", { ...places, appSecret, verifyToken, keys });
    isUp = true;
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
};

const printLog = async (file: string): Promise<void> =>
  console.error(`MiniStack said:\n${(await readFile(file, "utf8")).slice(-4_000)}`);

const deployStage = async (endpoint: string, graphUrl: string) => {
  layOutPlatform();
  const graph = await synthGraph(stage, "emulated", {
    settings: {
      HILO_GRAPH_URL: graphUrl,
      HILO_QUIET_MS: "300",
      SST_SECRET_ApiKeys: `${keys.reader}:read,${keys.writer}:read+write`,
    },
  });
  const aws = awsClients(endpoint);
  // SST makes it once for an account, before its first app.
  await aws.s3.send(new CreateBucketCommand({ Bucket: "sst-asset-bucket" }));
  return deploy(graph, { creators, skipped }, aws);
};
