import { projectConversationList } from "#functions/projections/conversation-list.ts";
import { projecting } from "#functions/shared/wiring.ts";

export const handler = projectConversationList(projecting());
