import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { readConfig } from "#core/config.ts";
import { startStandIn } from "#core/testing/http-stand-in.ts";
import { ModelSetupError } from "./model-settings.ts";
import { openSummariser } from "./summariser.ts";

const prompts = fileURLToPath(new URL("../../../prompts/", import.meta.url));
const open = (settings: Record<string, string>, report: (problem: string) => void = () => undefined) =>
  openSummariser(readConfig({ HILO_PROMPTS_DIR: prompts, ...settings }), report);
const request = {
  turns: [{ from: "customer" as const, kind: "text", text: "I am vegan." }],
  timeoutMs: 5_000,
};

it("offline the summary is of what can be told without a model, and needs no prompt", async () => {
  const summariser = await open({ HILO_PROMPTS_DIR: "/none" });
  expect((await summariser.summarise(request)).model.source).toBe("offline");
});

it("on Bedrock the cheap model is asked, and what only a person can mend is told once", async () => {
  const standIn = await startStandIn(() => ({
    status: 403,
    headers: { "x-amzn-errortype": "AccessDeniedException" },
    body: JSON.stringify({ message: "no access" }),
  }));
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", standIn.url);
  const told: string[] = [];
  const summariser = await open({ HILO_MODEL: "bedrock" }, (problem) => told.push(problem));
  await expect(summariser.summarise(request)).rejects.toThrow("access is denied");
  await expect(summariser.summarise(request)).rejects.toThrow("access is denied");
  expect(standIn.requests.map(({ path }) => path)).toEqual(
    Array(2).fill("/model/us.amazon.nova-micro-v1:0/converse"),
  );
  expect(told).toHaveLength(1);
  await standIn.stop();
});

it.each([
  [
    { HILO_MODEL: "bedrock", HILO_BEDROCK_SUMMARY_MODEL: "gpt-9" },
    "HILO_BEDROCK_SUMMARY_MODEL: gpt-9 is not in the catalogue",
  ],
  [{ HILO_MODEL: "openai-compatible" }, "HILO_MODEL=openai-compatible needs HILO_MODEL_URL, such as"],
])("%j is refused with what is wanted", async (settings, why) => {
  await expect(open(settings)).rejects.toThrow(ModelSetupError);
  await expect(open(settings)).rejects.toThrow(why);
});
