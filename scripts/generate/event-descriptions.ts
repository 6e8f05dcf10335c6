/** What an event says, where its doc comment does not say it (all). */
export const descriptions: Readonly<Record<string, string>> = {
  ConversationStarted:
    "A contact reached one of our numbers for the first time: the first event of each conversation.",
  MessageReceived: "The customer wrote.",
  ReactionReceived: "The customer reacted to a message, or took the reaction back.",
  MessageEdited: "A message was edited, by the customer or the business.",
  MessageRevoked: "A message was deleted for everyone.",
  DeliveryStatusReceived:
    "WhatsApp told how far a message of ours has come. Each status of a message is kept once.",
  HumanRequested: "The bot asked for a person, and is silent from here on.",
  HumanTookOver: "A person answers this conversation now. The bot is silent.",
  BotResumed: "A person handed the conversation back to the bot.",
  ReplyGenerated: "The model answered. It holds what is needed to explain the answer and to repeat it.",
  SendStarted: "The call to WhatsApp is about to be made. It is recorded before the call.",
  MessageSent: "WhatsApp accepted the message.",
  SendFailed: "The message was provably not sent. `retry` says what may be done about that.",
  ConversationAbsorbed: "This conversation goes on for another one of the same person.",
  ContactErased:
    "The person was erased: their key is destroyed, and their personal data can't be read any more.",
};
