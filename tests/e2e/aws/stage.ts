/** A stage of Hilo: the stacks, evaluated and made on the emulator, between the edge and a WhatsApp of its own. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { secretEnvironment, synthGraph } from "../../infra/synth.ts";
import { awsClients } from "./clients.ts";
import { deploy } from "./deploy.ts";
import { startEdge } from "./edge.ts";
import { creators, skipped } from "./resources/all.ts";
import { startWhatsapp } from "./whatsapp.ts";

export const keys = { reader: "a-key-that-may-read", writer: "a-key-that-may-write-too" };
export const appSecret = secretEnvironment["SST_SECRET_AppSecret"] ?? "";
export const verifyToken = secretEnvironment["SST_SECRET_VerifyToken"] ?? "";
const graphToken = secretEnvironment["SST_SECRET_GraphToken"] ?? "";

export type Stage = {
  /** The edge, before everything that is public. */
  url: string;
  /** The API itself, without the edge's key. */
  origin: string;
  whatsappUrl: string;
  stop(): Promise<void>;
};

/** `settings` are those of `stacks/settings.ts`. What was started stops when the rest can't be. */
export const startStage = async (
  endpoint: string,
  stage: string,
  settings: Record<string, string>,
): Promise<Stage> => {
  let webhookUrl = "";
  const whatsapp = await startWhatsapp({ appSecret, graphToken, webhookUrl: () => webhookUrl });
  try {
    const graph = await synthGraph(stage, stage, {
      settings: {
        HILO_GRAPH_URL: whatsapp.graphUrl,
        HILO_QUIET_MS: "300",
        SST_SECRET_ApiKeys: `${keys.reader}:read,${keys.writer}:read+write`,
        ...settings,
      },
    });
    const deployed = await deploy(graph, { creators, skipped }, awsClients(endpoint));
    const distribution = deployed.inputs("aws:cloudfront/distribution:Distribution", "Edge");
    const edge = await startEdge(distribution, endpoint);
    webhookUrl = `${edge.url}/webhook`;
    const stop = async (): Promise<void> => {
      edge.stop();
      await whatsapp.stop();
    };
    return { url: edge.url, origin: edge.origin, whatsappUrl: whatsapp.url, stop };
  } catch (error) {
    await whatsapp.stop();
    throw error;
  }
};

/** SST makes it once for an account, before its first app. */
export const bootstrap = async (endpoint: string): Promise<void> =>
  void (await awsClients(endpoint).s3.send(new CreateBucketCommand({ Bucket: "sst-asset-bucket" })));
