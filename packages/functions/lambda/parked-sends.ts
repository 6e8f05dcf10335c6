import { projectParkedSends } from "#functions/projections/parked-sends.ts";
import { projecting } from "#functions/shared/wiring.ts";

export const handler = projectParkedSends(projecting());
