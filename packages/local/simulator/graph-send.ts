/** What becomes of a message that the business sends: on the phone, and in the statuses that tell of it. */
import type { DatabaseSync } from "node:sqlite";
import { transaction } from "#core/store/sqlite.ts";
import type { Chats } from "./chats.ts";
import type { Fate } from "./fault-switches.ts";
import type { ErrorCode, GraphError } from "./graph-errors.ts";
import { type MediaContent, ReactionContent, type SendRequest } from "./graph-request.ts";
import type { Live } from "./live.ts";
import type { MediaShelf } from "./media.ts";
import type { MetaAgent } from "./meta-agent.ts";
import type { News } from "./news.ts";
import type { Customer, PhoneMessage } from "./shapes.ts";
import { afflicted, afterAccepting, afterFailing } from "./statuses.ts";
import { fillTemplate, type Template } from "./templates.ts";
import type { Vault } from "./vault.ts";
import { digits } from "./webhook-bodies.ts";

export type SendDeps = {
  db: DatabaseSync;
  vault: Vault;
  chats: Chats;
  media: MediaShelf;
  live: Live;
  metaAgent: MetaAgent;
  templates: readonly Template[];
  tell: News["tell"];
  clock: () => Date;
  random: () => number;
  newId: () => string;
};

/** Where the answer doesn't tell, statuses are in no hurry either, so that the doubt can be seen. */
const doubtMs = 1_000;
const serviceWindowMs = 24 * 3_600_000;

/** Who is meant; undefined where nobody has that address. */
export const recipient = (chats: Chats, { to, recipient: userId }: SendRequest) => {
  // Meta goes by the phone number where both are given.
  const address = to === undefined ? (userId ?? "") : digits(to);
  return { address, customer: chats.customerAt(to ? { phone: address } : { userId: address }) };
};

type Content = Record<string, unknown>;

/** What the phone gets to see of it, or why Meta refuses it. */
export const composed = (
  { media, templates }: Pick<SendDeps, "media" | "templates">,
  { type }: SendRequest,
  content: Content,
): { content: PhoneMessage["content"]; failed?: ErrorCode } | { refused: GraphError } => {
  const wire = { type, [type]: content };
  if (type === "template") {
    const filled = fillTemplate(templates, content);
    return "refused" in filled ? filled : { content: { ...wire, text: { body: filled.text } } };
  }
  const { id } = content as MediaContent;
  if (!sendable.has(type) || id === undefined) return { content: wire };
  const about = media.about(id);
  if (!about) return { refused: { code: 131009, details: "There is no media with this id" } };
  // Meta finds out only when it prepares the file, so a status tells.
  return { content: wire, ...(!sendable.get(type)?.test(about.mimeType) && { failed: 131053 }) };
};

/** By type of message, the files that it may hold. */
const sendable = new Map([
  ["image", /^image\/(jpeg|png)$/],
  ["sticker", /^image\/webp$/],
  ["audio", /^audio\//],
  ["video", /^video\//],
  ["document", /^/],
]);

/** Stores the message and the news of it in one transaction, so that both are there before the answer is. */
export const accept = (
  deps: SendDeps,
  phoneNumberId: string,
  request: SendRequest,
  { content, failed }: { content: PhoneMessage["content"]; failed?: ErrorCode },
  fate: Fate,
): PhoneMessage => {
  const { db, chats, media, live, metaAgent, tell, vault, clock, random, newId } = deps;
  const { type, to, context, biz_opaque_callback_data: callbackData } = request;
  const { address, customer } = recipient(chats, request);
  const now = clock();
  const error = reasonToFail(deps, request, customer, now) ?? fate.failed ?? failed;
  const message: PhoneMessage = {
    wamid: `wamid.SIM${newId()}`,
    phoneNumberId,
    customer: customer?.id ?? vault.fingerprint(address),
    from: "business",
    at: now.toISOString(),
    content,
    reactions: {},
    sentTo: to ? "phone" : "user-id",
    ...(context && { replyTo: context.message_id }),
    ...(callbackData !== undefined && { callbackData }),
    ...(error && { failed: error }),
    ...(fate.statuses.includes("withheld") && { untold: true }),
  };
  const open = customer !== undefined && live.isOpen(customer.id);
  const plan = error ? afterFailing({ now, random, error }) : afterAccepting({ open, now, random });
  transaction(db, () => {
    chats.put(message);
    if (error || open || type === "reaction") chats.tick(message.wamid, "read");
    if (type === "reaction") react(chats, content[type]);
    const { id } = (content[type] ?? {}) as MediaContent;
    if (sendable.has(type) && id !== undefined) media.claim(id, message.customer);
    // Whoever sends a service message takes the chat back from Meta's agent.
    if (customer && !error && type !== "template") metaAgent.handBack(customer);
    const laterMs = fate.answer === undefined ? 0 : doubtMs;
    const statuses = afflicted(plan, fate.statuses);
    tell(
      customer,
      message,
      statuses.map((it) => ({ ...it, dueMs: it.dueMs + laterMs })),
    );
  });
  return message;
};

const reasonToFail = (
  { chats }: SendDeps,
  { type }: SendRequest,
  customer: Customer | undefined,
  now: Date,
): ErrorCode | undefined => {
  if (!customer) return 131026;
  if (type === "template") return undefined;
  const last = chats.lastFrom(customer.id, "customer");
  const isOpen = last !== undefined && now.getTime() - Date.parse(last.at) <= serviceWindowMs;
  return isOpen ? undefined : 131047;
};

/** The business's reaction is shown at the message that it is about. */
const react = (chats: Chats, content: unknown): void => {
  const { message_id: wamid, emoji } = ReactionContent.parse(content);
  const message = chats.message(wamid);
  if (!message) return;
  const { business: _, ...others } = message.reactions;
  chats.put({ ...message, reactions: emoji ? { ...others, business: emoji } : others });
};
