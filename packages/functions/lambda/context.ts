import { projectContext } from "#functions/projections/context.ts";
import { projecting } from "#functions/shared/wiring.ts";

export const handler = projectContext(projecting());
