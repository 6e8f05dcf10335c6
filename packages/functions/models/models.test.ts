import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { type AnswerRequest, ModelFault } from "#core/clients/model.ts";
import { readConfig } from "#core/config.ts";
import { sampleKnowledge, scenes } from "#core/testing/model-scenes.ts";
import { startStandIn } from "#core/testing/http-stand-in.ts";
import { openModels } from "./models.ts";
import { ModelSetupError } from "./model-settings.ts";
import { reportedModel } from "./reported.ts";

const prompts = fileURLToPath(new URL("../../../prompts/", import.meta.url));
const open = async (settings: Record<string, string>, report: (problem: string) => void = () => undefined) =>
  openModels(readConfig({ HILO_PROMPTS_DIR: prompts, ...settings }), {
    knowledge: async () => sampleKnowledge,
    report,
  });
const request: AnswerRequest = scenes.question;
const candidates = async (settings: Record<string, string>, asked = request) =>
  (await open(settings)).models.map((model) => model.candidate(asked));

const withCredentials = (): void => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
};

it("offline there is the extractive model, which has no prompt to give away", async () => {
  const { models, secrets } = await open({ HILO_PROMPTS_DIR: "/none" });
  expect(models.map((model) => model.candidate(request).id)).toEqual(["hilo-extractive-1"]);
  expect(secrets).toEqual([]);
});

it("on Bedrock there are those that the settings name, in their order, and the extractive one as a last resort", async () => {
  withCredentials();
  const { models, secrets } = await open({ HILO_MODEL: "bedrock" });
  const offered = models.map((model) => model.candidate(request));
  expect(offered.map(({ id, lastResort = false }) => ({ id, lastResort }))).toEqual([
    { id: "us.anthropic.claude-haiku-5-5", lastResort: false },
    { id: "us.amazon.nova-2-lite-v1:0", lastResort: false },
    { id: "us.amazon.nova-micro-v1:0", lastResort: false },
    { id: "hilo-extractive-1", lastResort: true },
  ]);
  expect(secrets.join()).toContain("# Whom to trust");
});

it("what an answer costs at most grows with what the model is shown, and with tools to ask for", async () => {
  withCredentials();
  const settings = { HILO_MODEL: "bedrock", HILO_BEDROCK_MODELS: "amazon.nova-micro-v1:0" };
  const [plain] = await candidates(settings);
  const [long] = await candidates(settings, { ...request, summary: "x".repeat(35_000) });
  const offered = [{ name: "t", description: "", parameters: {} }];
  const tools = { offered, use: async () => ({ ok: true, content: "" }) };
  const [asking] = await candidates(settings, { ...request, tools });
  expect(plain).toMatchObject({ expectedMs: 625, quality: 1 });
  // about 4,000 tokens in, 250 out
  expect(plain?.costUsd).toBeGreaterThan(0.0001);
  expect(plain?.costUsd).toBeLessThan(0.0002);
  expect((long?.costUsd ?? 0) - (plain?.costUsd ?? 0)).toBeCloseTo((10_000 * 0.035) / 1e6, 7);
  expect(asking?.costUsd).toBeGreaterThan(2 * (plain?.costUsd ?? 0));
});

it.each([
  [
    { HILO_BEDROCK_MODELS: "gpt-9" },
    "HILO_BEDROCK_MODELS: gpt-9 is not in the catalogue, which has anthropic.",
  ],
  [
    { HILO_BEDROCK_REGION: "sa-east-1" },
    "HILO_BEDROCK_MODELS: no inference profile of amazon.nova-micro-v1:0 is known for sa-east-1, only us.amazon.nova-micro-v1:0, eu.",
  ],
  [{ HILO_MODEL: "openai-compatible" }, "HILO_MODEL=openai-compatible needs HILO_MODEL_URL, such as"],
  [{ HILO_MODEL: "openai-compatible", HILO_MODEL_URL: "http://x/v1" }, "and HILO_MODEL_NAME"],
])("%j is refused with what is wanted", async (settings, why) => {
  const opened = open({ HILO_MODEL: "bedrock", ...settings });
  await expect(opened).rejects.toThrow(ModelSetupError);
  await expect(opened).rejects.toThrow(why);
});

it("by URL there is that model, and the key goes there and nowhere else", async () => {
  const server = await startStandIn(() => ({ status: 401, body: { error: { message: "who are you?" } } }));
  const reported: string[] = [];
  const settings = {
    HILO_MODEL: "openai-compatible",
    HILO_MODEL_URL: `${server.url}/v1`,
    HILO_MODEL_NAME: "m",
  };
  const { models } = await open({ ...settings, HILO_MODEL_API_KEY: "k3y" }, (problem) =>
    reported.push(problem),
  );
  expect(models.map((model) => model.candidate(request).id)).toEqual(["m", "hilo-extractive-1"]);
  await expect(models[0]?.model.answer(request)).rejects.toMatchObject({ kind: "invalid", retry: "never" });
  expect(server.requests[0]?.headers["authorization"]).toBe("Bearer k3y");
  expect(reported).toEqual([`${new URL(server.url).host} answers 401: see HILO_MODEL_API_KEY`]);
  await server.stop();
});

it("what only a person can mend is told once; what mends itself is not", async () => {
  const reported: string[] = [];
  const faults = [
    new ModelFault("throttled", "later", "busy"),
    new ModelFault("invalid", "never", "no access"),
    new ModelFault("invalid", "never", "no access"),
    new ModelFault("invalid", "never", "no such model"),
  ];
  const model = reportedModel(
    { answer: async () => Promise.reject(faults.shift() ?? new Error()) },
    (problem) => reported.push(problem),
  );
  for (let turn = 0; turn < 4; turn += 1) await expect(model.answer(request)).rejects.toThrow(ModelFault);
  expect(reported).toEqual(["no access", "no such model"]);
});
