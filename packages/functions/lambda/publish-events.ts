import { publishCommit } from "#core/store/stored-events.ts";
import { publishEvents } from "#functions/commands/publish-events.ts";
import { bus, log } from "#functions/shared/wiring.ts";

export const handler = publishEvents({ bus: bus(), codec: { publish: publishCommit }, log });
