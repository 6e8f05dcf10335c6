/** One Hilo for all tests of the project `aws`, and the account for those that want another. */
import { readFile } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import { layOutPlatform } from "../../infra/synth.ts";
import { startMinistack } from "../../support/ministack/ministack.ts";
import { startModel } from "./model.ts";
import { appSecret, bootstrap, keys, startStage, verifyToken } from "./stage.ts";

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

export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const stops: (() => unknown)[] = [];
  let isUp = false;
  const teardown = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    const model = await startModel();
    stops.push(model.stop);
    const ministack = await startMinistack({ modelUrl: model.url });
    stops.push(ministack.stop);
    stops.push(() => isUp || printLog(ministack.logFile));
    const { endpoint, pid, logFile } = ministack;
    layOutPlatform();
    await bootstrap(endpoint);
    const { stop, ...places } = await startStage(endpoint, stage, {
      HILO_MODEL: "offline",
      HILO_CONVERSATION_LINK: "https://hilo.example/{id}",
    });
    stops.push(stop);
    provide("emulated", { endpoint, pid, logFile, stage, ...places, appSecret, verifyToken, keys });
    isUp = true;
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
};

const printLog = async (file: string): Promise<void> =>
  console.error(`MiniStack said:\n${(await readFile(file, "utf8")).slice(-4_000)}`);
