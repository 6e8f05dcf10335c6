import { parkedSends } from "#core/views/parked-sends.ts";
import { projectEach } from "#functions/shared/project-each.ts";

export const projectParkedSends = projectEach(parkedSends);
