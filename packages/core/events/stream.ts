const CONVERSATION = /^conversation-([0-9A-HJKMNP-TV-Z]{26})-([A-Za-z0-9_]{1,64})$/;

/** One stream per contact and business number, for life. */
export const conversationStream = (contactId: string, phoneNumberId: string): string =>
  `conversation-${contactId}-${phoneNumberId}`;

/** The parts of a conversation's stream id, or undefined when it is something else. */
export const parseConversationStream = (
  stream: string,
): { contactId: string; phoneNumberId: string } | undefined => {
  const [, contactId, phoneNumberId] = CONVERSATION.exec(stream) ?? [];
  return contactId && phoneNumberId ? { contactId, phoneNumberId } : undefined;
};

/** What a send carries to WhatsApp and every status of it brings back: where the send belongs. */
export const sendRef = (stream: string, sendId: string): string => `${stream}:${sendId}`;

export const parseSendRef = (ref: string): { stream: string; sendId: string } | undefined => {
  const [stream = "", sendId = "", ...more] = ref.split(":");
  return parseConversationStream(stream) && /^[0-9A-Z]{26}$/.test(sendId) && more.length === 0
    ? { stream, sendId }
    : undefined;
};

/** Names one event for ever: `<stream>@<version>`. */
export const eventId = (event: { stream: string; version: number }): string =>
  `${event.stream}@${event.version}`;
