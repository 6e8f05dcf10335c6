// What an event says, in a line, and of which kind it is.

const kinds = {
  inbound: ["MessageReceived", "MediaStored", "ReactionReceived", "MessageEdited", "MessageRevoked"],
  person: [
    "MessageEchoed",
    "HumanRequested",
    "PeopleNotified",
    "HumanTookOver",
    "BotResumed",
    "SendResolved",
  ],
  decision: [
    "ReplyStarted",
    "ReplyGenerated",
    "ReplyWithheld",
    "ReplyDelayed",
    "ToolUsed",
    "DialogEntered",
    "DialogAdvanced",
    "DialogPaused",
    "DialogResumed",
    "DialogLeft",
    "ContextSummarised",
  ],
  outbound: ["SendRequested", "SendStarted", "MessageSent"],
  unsure: ["SendUncertain", "SendParked"],
  failed: ["SendFailed", "MediaUnavailable", "ContactMarked"],
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

const remedies = {
  "slow-number": "slows the number down",
  "slow-pair": "slows this customer down",
  "mark-contact": "marks the customer",
  "stop-number": "stops the number",
  "alert-developer": "a developer must look",
};

/** Whether an event tells of a failure, or of news that contradicts what was known. @param {{ type: string, data: any }} event */
export const isBad = ({ type, data }) =>
  type === "DeliveryStatusReceived" && (data.status === "failed" || data.contradicts === true);

/**
 * What stands out in an event: `kind` as above, since it colours.
 * @param {{ type: string, data: any }} event @returns {{ kind: string, text: string }[]}
 */
export const marksOf = ({ data }) => [
  ...(data.contradicts ? [{ kind: "failed", text: "contradiction" }] : []),
  ...(data.remedy
    ? [{ kind: "unsure", text: remedies[/** @type {keyof typeof remedies} */ (data.remedy)] ?? data.remedy }]
    : []),
];

/** Events whose summary is a word or two, and fits beside their name. */
const brief = new Set([
  "ConversationStarted",
  "ReplyStarted",
  "SendStarted",
  "MessageSent",
  "DeliveryStatusReceived",
  "ReactionReceived",
]);

/** @param {{ type: string, data: any }} event */
export const isBrief = (event) => brief.has(event.type) && !isBad(event) && marksOf(event).length === 0;

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
    case "MediaStored":
      return join(data.mimeType, `${Math.ceil(data.sizeBytes / 1024)} KB`);
    case "MediaUnavailable":
      return data.reason;
    case "ReactionReceived":
      return data.emoji ?? "taken back";
    case "MessageEdited":
      return contentOf(data.content);
    case "MessageRevoked":
      return `by the ${data.by}`;
    case "MessageEchoed":
      return join(contentOf(data.content), `by a ${data.by} on the phone app`);
    case "DeliveryStatusReceived":
      return join(data.status, data.errors?.[0]?.title, data.errors?.[0]?.code, data.pricing?.category);
    case "HumanRequested":
      return "a person is asked for";
    case "PeopleNotified":
      return join(
        data.channels.length > 0 && `told by ${data.channels.join(", ")}`,
        data.failed.length > 0 && `not by ${data.failed.join(", ")}`,
      );
    case "HumanTookOver":
      return join(
        {
          "phone-app": "from the phone app",
          "agent-desk": "from the agent desk",
          "meta-agent": "Meta's Business Agent",
        }[/** @type {"phone-app"} */ (data.from)] ?? data.from,
        data.by,
      );
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
      return join(
        data.reason,
        data.code,
        again[/** @type {keyof typeof again} */ (data.retry)] ?? data.retry,
      );
    case "SendUncertain":
      return `sent or not, nobody knows · ${data.reason}`;
    case "SendParked":
      return "a person decides whether to send it again";
    case "SendResolved":
      return join(data.resentAs ? "to be sent again" : "dropped", `by ${data.by}`);
    case "ContactMarked":
      return data.as === "opted-out" ? "wants no messages" : "can't be reached";
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

const again = {
  later: "tried again later",
  never: "not tried again",
  template: "a template may be sent",
  "other-form": "tried in another form",
};

/** @param {any} content @returns {string} */
const contentOf = (content) => {
  const choices = (content.buttons ?? content.rows ?? []).map((/** @type {any} */ { title }) => title);
  const words = content.text ?? content.title ?? content.caption ?? content.name ?? content.filename;
  return content.type === "text"
    ? `“${words}”`
    : join(
        content.type,
        words && `“${words}”`,
        choices.join(" / "),
        content.parameters?.join(", "),
        content.media?.mimeType,
      );
};

/** @param {...unknown} parts */
const join = (...parts) => parts.filter(Boolean).join(" · ");
