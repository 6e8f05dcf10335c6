import { projectTranscript } from "#functions/projections/transcript.ts";
import { projecting } from "#functions/shared/wiring.ts";

export const handler = projectTranscript(projecting());
