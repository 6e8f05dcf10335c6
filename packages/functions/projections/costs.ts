import { costs } from "#core/views/costs.ts";
import { projectEach } from "#functions/shared/project-each.ts";

export const projectCosts = projectEach(costs);
