import type { Circuits } from "#core/clients/circuits.ts";
import type { DialogLeader } from "#core/clients/dialog.ts";
import { fileDialog } from "#core/clients/flows/file-dialog.ts";
import { loadFlows } from "#core/clients/flows/load-flows.ts";
import { ModelFault } from "#core/clients/model.ts";
import type { Config } from "#core/config.ts";
import { ModelSetupError } from "#functions/models/model-settings.ts";

type Settings = Pick<Config, "HILO_FLOWS" | "HILO_LEX_BOT_ID" | "HILO_LEX_BOT_ALIAS_ID" | "HILO_LEX_LOCALES">;

/** Who leads structured dialogs, by the settings: the flows of files, or Lex, whose client is loaded only then. */
export const openDialog = async (
  { HILO_FLOWS, HILO_LEX_BOT_ID, HILO_LEX_BOT_ALIAS_ID, HILO_LEX_LOCALES }: Settings,
  { circuits }: { circuits: Circuits },
): Promise<DialogLeader> => {
  if (HILO_LEX_BOT_ID === "") return fileDialog(await loadFlows(HILO_FLOWS));
  if (HILO_LEX_BOT_ALIAS_ID === "")
    throw new ModelSetupError("HILO_LEX_BOT_ALIAS_ID: expected an alias of the bot, such as TSTALIASID");
  const [{ LexRuntimeV2Client }, { lexDialog }] = await Promise.all([
    import("@aws-sdk/client-lex-runtime-v2"),
    import("#core/clients/lex-dialog.ts"),
  ]);
  const lex = lexDialog({
    client: new LexRuntimeV2Client({ maxAttempts: 2 }),
    botId: HILO_LEX_BOT_ID,
    botAliasId: HILO_LEX_BOT_ALIAS_ID,
    locales: Object.fromEntries(HILO_LEX_LOCALES.map((locale) => [locale.slice(0, 2), locale])),
  });
  return { ...lex, turn: (request) => guarded(circuits, () => lex.turn(request)) };
};

/** While Lex is down it is left alone by everyone, like a model. */
const guarded = async <Result>(circuits: Circuits, call: () => Promise<Result>): Promise<Result> => {
  const made = await circuits.guard("dialog", call, () => false);
  if (made.made) return made.result;
  throw new ModelFault("unavailable", "later", "Lex: left alone until it is back");
};
