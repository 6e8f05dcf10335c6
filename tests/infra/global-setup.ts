import type { TestProject } from "vitest/node";
import { layOutPlatform, synth } from "./synth.ts";

/** Each kind of stage, and each setting that changes what is deployed. */
const variants = {
  personal: { stage: "ana" },
  production: { stage: "production", settings: { HILO_RETENTION_DAYS: "365" } },
  staging: {
    stage: "staging",
    settings: {
      HILO_DOMAIN: "hilo.example.com",
      HILO_DOMAIN_ZONE_ID: "Z0000000000000",
      HILO_ALERT_EMAIL: "somebody@example.com",
      HILO_NOTIFY_EMAIL: "desk@example.com",
      HILO_NOTIFY_FROM: "hilo@example.com",
      HILO_NOTIFY_TO: "ana@example.com,ben@example.com",
      HILO_CONVERSATION_LINK: "https://desk.example.com/{id}",
      HILO_TRACING: "opentelemetry",
      HILO_TRACING_LAYERS: "arn:aws:lambda:us-east-1:000000000000:layer:OpenTelemetry:1",
    },
  },
  datadog: {
    stage: "ben",
    settings: {
      HILO_TRACING: "datadog",
      HILO_TRACING_LAYERS:
        "arn:aws:lambda:us-east-1:000000000000:layer:Node:1,arn:aws:lambda:us-east-1:000000000000:layer:Extension:1",
    },
  },
  /** Everything that answering can be asked to use. */
  answers: {
    stage: "eva",
    settings: {
      HILO_CACHE: "valkey",
      HILO_BEDROCK_REGION: "eu-west-1",
      HILO_BEDROCK_MODELS: "anthropic.claude-haiku-5-5,global.anthropic.claude-sonnet-5-5",
      HILO_BEDROCK_GUARDRAIL: "gr1234567890",
      HILO_BEDROCK_GUARDRAIL_VERSION: "2",
      HILO_KNOWLEDGE_BASE_ID: "KB12345678",
      HILO_LEX_BOT_ID: "BOT1234567",
      HILO_LEX_BOT_ALIAS_ID: "ALIAS12345",
      HILO_LINK_HOSTS: "example.com",
      HILO_ORDERS_URL: "https://orders.example.com",
    },
  },
} satisfies Record<string, { stage: string; settings?: Record<string, string> }>;

declare module "vitest" {
  interface ProvidedContext {
    graphs: Record<keyof typeof variants, string>;
  }
}

/** Evaluates each once, for all tests. */
export const setup = async ({ provide }: TestProject): Promise<void> => {
  layOutPlatform();
  const [personal, production] = await Promise.all([evaluate("personal"), evaluate("production")]);
  const [staging, datadog] = await Promise.all([evaluate("staging"), evaluate("datadog")]);
  provide("graphs", { personal, production, staging, datadog, answers: await evaluate("answers") });
};

const evaluate = (name: keyof typeof variants): Promise<string> => {
  const { stage, ...options }: { stage: string; settings?: Record<string, string> } = variants[name];
  return synth(stage, name, options);
};
