import { readConfig, type Config } from "#core/config.ts";

/** What `npm start` says once it listens. */
export const welcome = (config: Config, url: string, unknown: readonly string[]): string =>
  [
    "",
    config.HILO_GRAPH_URL
      ? `  Hilo runs on this machine and sends to ${config.HILO_GRAPH_URL}.`
      : "  Hilo runs on this machine. Nothing is sent to WhatsApp.",
    ...answersFrom(config),
    "",
    `  Simulator   ${url}/`,
    `  Webhook     ${url}/webhook`,
    `  API         ${url}/conversations   (authorization: Bearer ${shown("HILO_API_KEY", config.HILO_API_KEY)})`,
    `  OpenAPI     ${url}/openapi.json`,
    "",
    "  Settings",
    ...Object.entries(config).map(
      ([name, value]) => `    ${name.padEnd(nameWidth(config))} ${shown(name, value)}`,
    ),
    ...unknown.map((name) => `  ${name} is no setting of Hilo's and does nothing.`),
    "",
    "  Ctrl-C stops; everything is kept.",
    "",
  ].join("\n");

const nameWidth = (config: Config): number => Math.max(...Object.keys(config).map(({ length }) => length));

/** Where customers' words go to, and whose money it is. */
const answersFrom = (config: Config): string[] => {
  switch (config.HILO_MODEL) {
    case "offline":
      return [];
    case "bedrock":
      return [`  Answers come from Bedrock (${config.HILO_BEDROCK_REGION}), which charges for them.`];
    case "openai-compatible":
      return [`  Answers come from ${config.HILO_MODEL_URL}.`];
  }
};

const defaults: Record<string, unknown> = readConfig({});

/** Secrets are shown only while they are the well-known local ones. */
const shown = (name: string, value: unknown): string => {
  const secret = /SECRET|TOKEN|KEY/.test(name) && String(value) !== String(defaults[name]);
  return secret ? "(set)" : String(value) || "(empty)";
};
