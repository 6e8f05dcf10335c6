import { context } from "#core/views/context.ts";
import { projectEach } from "#functions/shared/project-each.ts";

export const projectContext = projectEach(context);
