import { lambdaSettings } from "#core/lambda-config.ts";
import { notifyPeople } from "#functions/commands/notify-people.ts";
import { again, handling, notifiers } from "#functions/shared/wiring.ts";

const { HILO_CONVERSATION_LINK: link } = lambdaSettings(["HILO_CONVERSATION_LINK"]);

export const handler = notifyPeople({ ...handling(), again: again(), notifiers: notifiers(), link });
