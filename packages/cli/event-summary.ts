import type { HiloEvent } from "#core/events/envelope.ts";
import { preview } from "#core/views/conversation-list.ts";

/** What happened, in a few words. It may hold a customer's own: escape it before it is shown. */
export const summary = (event: HiloEvent): string => {
  const { type, data } = event;
  switch (type) {
    case "ConversationStarted":
      return `with number ${data.phoneNumberId}`;
    case "ContactIdentified":
      return words(
        data.name,
        data.username && `@${data.username}`,
        data.phone?.replace(/^(?=\d)/, "+"),
        data.userId,
        because(data.because),
      );
    case "MessageReceived":
      return words(preview(data.content), data.noReply && `(no reply: ${data.noReply})`);
    case "MediaStored":
      return words(data.mimeType, `${Math.ceil(data.sizeBytes / 1024)} KB`);
    case "MediaUnavailable":
      return data.reason;
    case "MessageEchoed":
      return words(preview(data.content), data.history && "(history)");
    case "MessageEdited":
      return preview(data.content);
    case "MessageRevoked":
      return `by the ${data.by}`;
    case "ReactionReceived":
      return data.emoji ?? "taken back";
    case "DeliveryStatusReceived":
      return words(data.status, data.errors?.map(({ code, title }) => words(String(code), title)).join(", "));
    case "SendResolved":
      return data.resentAs ? `sent again as ${data.resentAs}` : "dropped";
    case "ContactMarked":
      return data.as;
    case "HumanRequested":
      return "the bot asks for a person";
    case "PeopleNotified":
      return words(
        data.channels.length > 0 && `by ${data.channels.join(", ")}`,
        data.failed.length > 0 && `(not by ${data.failed.join(", ")})`,
      );
    case "HumanTookOver":
      return `on the ${data.from}`;
    case "BotResumed":
      return `by ${data.by}`;
    case "ReplyStarted":
      return `answers up to ${data.upTo}`;
    case "ReplyGenerated":
      return `answers ${data.answers.join(", ")}: ${data.intent} ${data.confidence.toFixed(2)} [${data.language}] ${data.model.id}`;
    case "ReplyWithheld":
      return words(`(${data.reason})`, data.draft);
    case "ReplyDelayed":
      return "asked for patience";
    case "ToolUsed":
      return words(data.tool, `(${data.outcome}${data.reason ? `: ${data.reason}` : ""})`);
    case "DialogEntered":
      return `${data.flow}, led by ${data.source}`;
    case "DialogAdvanced":
      return words(data.phase, data.slot);
    case "DialogPaused":
    case "DialogResumed":
      return "";
    case "DialogLeft":
      return data.because;
    case "ContextSummarised":
      return words(`up to ${data.upTo}:`, data.summary);
    case "SendRequested":
      return words(`${data.origin}:`, preview(data.content));
    case "SendStarted":
      return `attempt ${data.attempt}`;
    case "MessageSent":
      return data.evidence === "response" ? "" : `known by ${data.evidence}`;
    case "SendFailed":
      return words(data.reason, data.code && String(data.code), `(retry: ${data.retry})`);
    case "SendUncertain":
      return data.reason;
    case "SendParked":
      return "a person decides";
    case "ConversationMoved":
      return `to ${data.to}`;
    case "ConversationAbsorbed":
      return `from ${data.from}`;
    case "ContactErased":
      return "";
    case "AccountUpdateReceived":
      return data.field;
    case "UpdateQuarantined":
      return `${data.reason} (${data.field})`;
  }
};

const because = (reason: string): string => (reason === "message" ? "" : `(${reason})`);

const words = (...parts: (string | number | false | undefined)[]): string => parts.filter(Boolean).join(" ");
