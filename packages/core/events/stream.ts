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

/** Whose data a stream holds, and so whose key seals it: the contact's, or its own where it is of nobody. */
export const subjectOf = (stream: string): string => parseConversationStream(stream)?.contactId ?? stream;

/**
 * What a call carries to WhatsApp and every status of its message brings back: which send it is for, and which
 * attempt, so that what is found out about one call is not taken for another.
 */
export const sendRef = (stream: string, sendId: string, attempt: number): string =>
  `${stream}:${sendId}:${attempt}`;

export const parseSendRef = (ref: string): { stream: string; sendId: string } | undefined => {
  const [stream = "", sendId = "", attempt = "", ...more] = ref.split(":");
  const isRef =
    parseConversationStream(stream) && SEND_ID.test(sendId) && ATTEMPT.test(attempt) && more.length === 0;
  return isRef ? { stream, sendId } : undefined;
};

/** Names one event for ever: `<stream>@<version>`. */
export const eventId = (event: { stream: string; version: number }): string =>
  `${event.stream}@${event.version}`;
const SEND_ID = /^[0-9A-Z]{26}$/;
const ATTEMPT = /^\d{1,4}$/;
