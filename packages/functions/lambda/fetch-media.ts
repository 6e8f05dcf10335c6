import { fetchMedia } from "#functions/commands/fetch-media.ts";
import { again, files, handling, media } from "#functions/shared/wiring.ts";

export const handler = fetchMedia({ ...handling(), again: again(), files: files(), media: media() });
