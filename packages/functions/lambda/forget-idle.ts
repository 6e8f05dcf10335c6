import { lambdaSettings } from "#core/lambda-config.ts";
import { views } from "#core/views/all.ts";
import { forgetIdle } from "#functions/commands/forget-idle.ts";
import { handling, identities, keys, log, media, projecting } from "#functions/shared/wiring.ts";

const { HILO_RETENTION_DAYS: days } = lambdaSettings(["HILO_RETENTION_DAYS"]);
const deps = {
  ...handling(),
  identities: identities(),
  keys: keys(),
  media: media(),
  viewStore: projecting().views,
  views,
};

/** Invoked by a schedule, and with nothing that matters. */
export const handler = async (): Promise<void> => {
  const count = await forgetIdle(deps, days * 24 * 3_600_000);
  if (count > 0) log("info", "people were erased, as retention says", { count });
};
