/** `npm start`: runs Hilo on this machine. */
import { parseArgs } from "node:util";
import { ConfigError, readConfig, unknownSettings } from "#core/config.ts";
import { jsonLog } from "#functions/shared/log.ts";
import { startHilo } from "./hilo.ts";
import { WrongMasterKey } from "#core/clients/local-keys.ts";
import { ModelSetupError } from "#functions/models/model-settings.ts";
import { PromptsError } from "#core/clients/prompted/prompts.ts";
import { SettingFileError } from "#core/clients/setting-file.ts";
import { FlowsError } from "#core/clients/flows/load-flows.ts";
import { KnowledgeError } from "#core/clients/knowledge-error.ts";
import { claimDataDir, DataDirUnusable } from "./data-dir.ts";
import { PortTaken } from "./listen.ts";
import { welcome } from "./welcome.ts";

const usage = `Usage: npm start -- [--fresh]

  --fresh   forget everything and begin anew
  --help    say this

Settings are HILO_* environment variables; they are printed at the start.`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { fresh: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) return console.log(usage);
  const config = readConfig();
  const release = claimDataDir(config.HILO_DATA_DIR);
  const hilo = await startHilo(
    config,
    jsonLog(
      (line) => process.stderr.write(line),
      () => new Date(),
    ),
    { fresh: values.fresh ?? false },
  );
  console.log(welcome(config, hilo.url, unknownSettings()));
  const stop = async (): Promise<void> => {
    console.log("\nStopping…");
    await hilo.stop();
    release();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
};

/** What a person can mend, in a sentence; anything else is a bug and shows its stack. */
const explain = (error: unknown): void => {
  console.error(error instanceof Error && isExpected(error) ? error.message : error);
  // whatever was opened before ends with the process
  process.exit(1);
};

const isExpected = (error: Error): boolean =>
  [
    ConfigError,
    PortTaken,
    DataDirUnusable,
    KnowledgeError,
    FlowsError,
    ModelSetupError,
    PromptsError,
    SettingFileError,
    WrongMasterKey,
  ].some((kind) => error instanceof kind) ||
  ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));

await main().catch(explain);
