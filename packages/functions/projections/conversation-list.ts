import { conversationList } from "#core/views/conversation-list.ts";
import { projectEach } from "#functions/shared/project-each.ts";

export const projectConversationList = projectEach(conversationList);
