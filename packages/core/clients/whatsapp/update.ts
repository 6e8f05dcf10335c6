/** What one webhook says, item by item: plain data, with absent fields left out. */
import type { EventOf } from "../../events/conversation.ts";

/** How a customer is known in one update: always by at least one of phone, user id and parent user id. */
export type Sender = {
  /** E.164 without the plus sign. */
  phone?: string | undefined;
  /** Business-scoped user id (BSUID). */
  userId?: string | undefined;
  parentUserId?: string | undefined;
  name?: string | undefined;
  username?: string | undefined;
};

/** Whose number the update is for. Empty where Meta doesn't say. */
export type Place = { businessAccountId: string; phoneNumberId: string };

/** What a customer, or the business from elsewhere, did in a conversation. */
export type MessageEvent = EventOf<
  | "MessageReceived"
  | "ReactionReceived"
  | "MessageEdited"
  | "MessageRevoked"
  | "MessageEchoed"
  | "ContactIdentified"
  | "ContactMarked"
>;

/** The names under which WhatsApp moved a customer from `previous` to the sender: one person, vouched for. */
export type Rotation = { previous?: Sender; linked?: true };

/** Something to keep that is in no conversation. `raw` is JSON as Meta sent it, without media addresses. */
export type Kept = { digest: string; sender?: Sender | undefined; raw: string };

export type StatusUpdate = {
  kind: "status";
  /** `biz_opaque_callback_data`: our send's id, if the message was ours. Also the event's `sendId`. */
  sendRef?: string | undefined;
  wamid: string;
  recipient?: Sender | undefined;
  event: EventOf<"DeliveryStatusReceived">;
  raw: string;
};

export type Update = Place & { field: string } & (
    | ({ kind: "message"; sender: Sender; event: MessageEvent } & Rotation)
    | StatusUpdate
    /** News of the account: other fields, errors of a whole value, and what this version doesn't know. */
    | ({ kind: "account" } & Kept)
    /** No id, no sender, or no shape at all. */
    | ({ kind: "malformed" } & Kept)
  );

/** What parsing needs from outside. */
export type Ids = {
  /** The keyed hash that stands for WhatsApp's id of a message. */
  messageId(wamid: string): string;
  /** A short keyed hash of an update, which arrives here with its keys sorted. */
  digest(value: unknown): string;
  receivedAt: string;
};
