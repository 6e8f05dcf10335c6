import { lambdaSettings } from "#core/lambda-config.ts";
import { views } from "#core/views/all.ts";
import { forgetIdle } from "#functions/commands/forget-idle.ts";
import { handling, identities, keys, media, projecting } from "#functions/shared/wiring.ts";

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
export const handler = async (): Promise<void> => void (await forgetIdle(deps, days * 24 * 3_600_000));
