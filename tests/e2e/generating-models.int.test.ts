/** `npm start` with models that generate, as far as the wire: the services themselves are played. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import { startConverseStandIn } from "#core/testing/converse-stand-in.ts";
import * as claude from "#core/testing/fixtures/converse/claude.ts";
import * as nova from "#core/testing/fixtures/converse/nova.ts";
import { startStandIn } from "#core/testing/http-stand-in.ts";
import { openingHours } from "#core/testing/model-scenes.ts";
import { temporaryFolder } from "#core/testing/temporary.ts";
import { startHiloProcess, type HiloProcess } from "../support/hilo-process.ts";
import { post, textWebhook } from "./webhooks.ts";

const started: { kill(signal: "SIGKILL"): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(started.splice(0).map(async (one) => one.kill("SIGKILL")))));

/** Nothing of this machine's own. */
const aws = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_CONFIG_FILE: "/none",
  AWS_SHARED_CREDENTIALS_FILE: "/none",
  AWS_EC2_METADATA_DISABLED: "true",
};

const start = async (settings: Record<string, string>): Promise<HiloProcess> => {
  const hilo = await startHiloProcess(temporaryFolder(), { HILO_QUIET_MS: "50", ...aws, ...settings });
  started.push(hilo);
  return hilo;
};

const Items = z.object({ items: z.array(z.record(z.string(), z.unknown())) });
const read = async ({ url }: HiloProcess, path: string) => {
  const headers = { authorization: "Bearer local-api-key" };
  return Items.parse(await (await fetch(`${url}${path}`, { headers })).json()).items;
};

/** What the business has said, once it has said something. */
const answerTo = async (hilo: HiloProcess, text: string): Promise<unknown> => {
  expect(await post(hilo.url, textWebhook({ phone: "34600000012", wamid: "wamid.1", text }))).toBe(200);
  for (;;) {
    const [conversation] = await read(hilo, "/conversations");
    const messages = conversation
      ? await read(hilo, `/conversations/${String(conversation["id"])}/messages`)
      : [];
    const said = messages.find(({ from }) => from !== "customer");
    if (said) return said["content"];
    await sleep(100);
  }
};

it("HILO_MODEL=bedrock answers a customer from Bedrock, by the second model when the first is throttled", async () => {
  const bedrock = await startConverseStandIn();
  bedrock.next({ error: "ThrottlingException", status: 429 }, nova.byTool);
  const hilo = await start({ HILO_MODEL: "bedrock", AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url });
  expect(await answerTo(hilo, "¿Cuál es vuestro horario habitual?")).toEqual({
    type: "text",
    text: openingHours.reply,
  });
  const paths = bedrock.requests.map(({ path }) => path);
  expect(new Set(paths).size).toBe(2);
  expect(JSON.stringify(bedrock.asked())).toContain("¿Cuál es vuestro horario habitual?");
  expect(hilo.output()).not.toContain("horario");
  await bedrock.stop();
});

it("what only a person can mend is said once, in the log, and the customer still gets an answer", async () => {
  const bedrock = await startConverseStandIn();
  bedrock.next({ error: "AccessDeniedException", status: 403 });
  const hilo = await start({
    HILO_MODEL: "bedrock",
    HILO_BEDROCK_MODELS: "amazon.nova-micro-v1:0",
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
  });
  expect(JSON.stringify(await answerTo(hilo, "¿Cuál es vuestro horario habitual?"))).toContain(
    "Modelo sin conexión",
  );
  expect(hilo.output().match(/allow bedrock:InvokeModel/g)).toHaveLength(1);
  await bedrock.stop();
});

it("HILO_MODEL=bedrock answers through another profile and a guardrail, when told to", async () => {
  const bedrock = await startConverseStandIn();
  bedrock.next(claude.byTool);
  const hilo = await start({
    HILO_MODEL: "bedrock",
    HILO_BEDROCK_REGION: "eu-west-1",
    HILO_BEDROCK_MODELS: "global.anthropic.claude-haiku-5-5",
    HILO_BEDROCK_SUMMARY_MODEL: "amazon.nova-micro-v1:0",
    HILO_BEDROCK_GUARDRAIL: "gr-1",
    HILO_BEDROCK_GUARDRAIL_VERSION: "2",
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
  });
  expect(await answerTo(hilo, "¿Cuál es vuestro horario habitual?")).toMatchObject({
    text: openingHours.reply,
  });
  expect(bedrock.requests.map(({ path }) => path)).toEqual([
    "/model/global.anthropic.claude-haiku-5-5/converse",
    "/guardrail/gr-1/version/2/apply",
  ]);
  await bedrock.stop();
});

it("HILO_MODEL=openai-compatible answers a customer from wherever HILO_MODEL_URL is", async () => {
  const server = await startStandIn(() => ({
    status: 200,
    body: {
      choices: [
        { finish_reason: "stop", message: { role: "assistant", content: JSON.stringify(openingHours) } },
      ],
      usage: { prompt_tokens: 900, completion_tokens: 90 },
    },
  }));
  const hilo = await start({
    HILO_MODEL: "openai-compatible",
    HILO_MODEL_URL: `${server.url}/v1`,
    HILO_MODEL_NAME: "local",
  });
  expect(await answerTo(hilo, "¿Cuál es vuestro horario habitual?")).toMatchObject({
    text: openingHours.reply,
  });
  expect(server.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions"]);
  await server.stop();
});

it.each([
  [
    { HILO_MODEL: "bedrock", AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    "HILO_MODEL=bedrock finds no AWS credentials: sign in with `aws login`",
  ],
  [
    { HILO_MODEL: "bedrock", HILO_PROMPTS_DIR: "/none" },
    'There is no prompt "/none/answer.md" (HILO_PROMPTS_DIR)',
  ],
])("%j does not start, and says why in a sentence", async (settings: Record<string, string>, why) => {
  const failed = start(settings);
  await expect(failed).rejects.toThrow(why);
  await expect(failed).rejects.not.toThrow(/\n {4}at /);
});
