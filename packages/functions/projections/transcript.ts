import { transcript } from "#core/views/transcript.ts";
import { projectEach } from "#functions/shared/project-each.ts";

export const projectTranscript = projectEach(transcript);
