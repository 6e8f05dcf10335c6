/** The seam to WhatsApp's own service: what this system asks of it, and what it promises in return. */
import type { OutboundContent, Remedy, Retry } from "../../events/conversation.ts";

/** A phone (E.164 without the plus sign), or a business-scoped user id. */
export type Recipient = { phone: string } | { userId: string };

export type SendOutcome =
  /** Accepted, not delivered: that is for statuses to say. */
  | { outcome: "sent"; wamid: string }
  /** Provably without effect. */
  | { outcome: "refused"; retry: Retry; reason: string; code?: number; remedy?: Remedy }
  /** It may have been sent: a timeout, a connection lost on the way, a fault on their side. */
  | { outcome: "uncertain"; reason: string };

export type WhatsApp = {
  /**
   * Sends one message, once. Never throws. `sendRef` comes back in every status of the message
   * (`biz_opaque_callback_data`, at most 512 characters). Reasons are fixed words of ours: they hold no
   * personal data.
   */
  send(message: {
    phoneNumberId: string;
    to: Recipient;
    content: OutboundContent;
    sendRef: string;
  }): Promise<SendOutcome>;
  /** Asks message history what became of a send. Never throws. */
  findSent(query: {
    phoneNumberId: string;
    sendRef: string;
  }): Promise<{ found: "sent"; wamid: string } | { found: "absent" } | { found: "unknown"; reason: string }>;
  /** Uploads a file to send: answers its id, good for 30 days, or why not. Never throws. */
  upload(file: {
    phoneNumberId: string;
    bytes: Uint8Array;
    mimeType: string;
    filename: string;
  }): Promise<{ mediaId: string } | { refused: string }>;
  /** Marks the message as read and shows "typing…" for up to 25 s. Best effort: tells whether it worked. */
  showTyping(message: { phoneNumberId: string; wamid: string }): Promise<boolean>;
};
