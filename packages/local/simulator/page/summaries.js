// What an event says, in a line, and of which kind it is.

const kinds = {
  inbound: ["MessageReceived", "ReactionReceived", "MessageEdited", "MessageRevoked"],
  person: ["MessageEchoed", "HumanRequested", "HumanTookOver", "BotResumed"],
  decision: ["ReplyStarted", "ReplyGenerated", "ReplyWithheld"],
  outbound: ["SendRequested", "SendStarted", "MessageSent", "SendFailed", "SendUncertain", "SendParked"],
  status: ["DeliveryStatusReceived"],
  contact: [
    "ConversationStarted",
    "ContactIdentified",
    "ConversationMoved",
    "ConversationAbsorbed",
    "ContactErased",
  ],
};
const kindByType = new Map(
  Object.entries(kinds).flatMap(([kind, types]) => types.map((type) => [type, kind])),
);

/** @param {string} type @returns {string} */
export const kindOf = (type) => kindByType.get(type) ?? "other";

/** Events whose summary is a word or two, and fits beside their name. */
const brief = new Set([
  "ConversationStarted",
  "ReplyStarted",
  "SendStarted",
  "MessageSent",
  "DeliveryStatusReceived",
  "ReactionReceived",
]);

/** @param {string} type */
export const isBrief = (type) => brief.has(type);

/** @param {{ type: string, data: any }} event @returns {string} */
export const summaryOf = ({ type, data }) => {
  switch (type) {
    case "ConversationStarted":
      return `on number ${data.phoneNumberId}`;
    case "ContactIdentified":
      return join(
        data.name,
        data.phone,
        data.username && `@${data.username}`,
        !data.phone && "no phone number",
      );
    case "MessageReceived":
      return join(
        contentOf(data.content),
        data.inReplyTo && "a reply",
        data.noReply && `not answered: ${data.noReply}`,
      );
    case "ReactionReceived":
      return data.emoji ?? "taken back";
    case "MessageEdited":
      return contentOf(data.content);
    case "MessageRevoked":
      return `by the ${data.by}`;
    case "MessageEchoed":
      return join(contentOf(data.content), `by a ${data.by} on the phone app`);
    case "DeliveryStatusReceived":
      return join(data.status, data.errors?.[0]?.title, data.pricing?.category);
    case "HumanRequested":
      return "a person is asked for";
    case "HumanTookOver":
      return `from the ${data.from === "phone-app" ? "phone app" : "agent desk"}`;
    case "BotResumed":
      return `by ${data.by}`;
    case "ReplyStarted":
      return `answers everything up to ${data.upTo}`;
    case "ReplyGenerated":
      return join(
        data.intent,
        `${Math.round(data.confidence * 100)} % sure`,
        data.language,
        data.sources?.[0],
        data.model?.id,
      );
    case "ReplyWithheld":
      return join(data.reason, data.draft);
    case "SendRequested":
      return join(data.origin === "agent" && "by an agent", contentOf(data.content));
    case "SendStarted":
      return `attempt ${data.attempt}`;
    case "MessageSent":
      return `known from the ${data.evidence}`;
    case "SendFailed":
      return join(data.reason, data.code, `again: ${data.retry}`);
    case "SendUncertain":
      return data.reason;
    case "SendParked":
      return "a person decides";
    case "ConversationMoved":
      return `to ${data.to}`;
    case "ConversationAbsorbed":
      return `from ${data.from}`;
    case "ContactErased":
      return "what was personal can't be read any more";
    default:
      return "";
  }
};

/** @param {any} content @returns {string} */
const contentOf = (content) => {
  const words = content.text ?? content.title ?? content.caption ?? content.name ?? content.filename;
  return content.type === "text"
    ? `“${words}”`
    : join(content.type, words && `“${words}”`, content.media?.mimeType);
};

/** @param {...unknown} parts */
const join = (...parts) => parts.filter(Boolean).join(" · ");
