import { projectCosts } from "#functions/projections/costs.ts";
import { projecting } from "#functions/shared/wiring.ts";

export const handler = projectCosts(projecting());
