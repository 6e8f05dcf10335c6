/** Meta's side of the wire: the part of the Graph API that Hilo calls. Any number is the business's. */
import type { DatabaseSync } from "node:sqlite";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { transaction } from "#core/store/sqlite.ts";
import type { Chats } from "./chats.ts";
import {
  errorBody,
  type GraphError,
  parseSend,
  ReactionContent,
  ReadRequest,
  type SendRequest,
} from "./graph-request.ts";
import type { Live } from "./live.ts";
import type { MediaShelf } from "./media.ts";
import type { News } from "./news.ts";
import type { Customer, PhoneMessage } from "./shapes.ts";
import { afterAccepting, afterFailing } from "./statuses.ts";
import type { Vault } from "./vault.ts";
import { digits } from "./webhook-bodies.ts";

type Deps = {
  db: DatabaseSync;
  vault: Vault;
  chats: Chats;
  media: MediaShelf;
  live: Live;
  tell: News["tell"];
  graphToken: string;
  clock: () => Date;
  random: () => number;
  newId: () => string;
};

const requestBytesMax = 1024 * 1024;
const mediaUrlMs = 5 * 60_000;
const serviceWindowMs = 24 * 3_600_000;

export const graph = (deps: Deps): Hono => {
  const { chats, media, live, vault, clock, newId } = deps;
  const app = new Hono();
  const refuse = (error: GraphError, status: ContentfulStatusCode = 400): Response =>
    Response.json(errorBody(error, newId()), { status });
  const unknownObject = (id: string): Response =>
    refuse({ code: 100, details: `Object with ID '${id}' does not exist or cannot be loaded` });

  app.use(async ({ req }, next) => {
    if (req.header("authorization") === `Bearer ${deps.graphToken}`) return next();
    return refuse({ code: 190, details: "The access token is missing or wrong" }, 401);
  });

  app.post(
    "/:version/:phoneNumberId/messages",
    bodyLimit({ maxSize: requestBytesMax }),
    async ({ req, json }) => {
      const body: unknown = await req.json().catch(() => undefined);
      const receipt = ReadRequest.safeParse(body);
      if (receipt.success) {
        const message = chats.message(receipt.data.message_id);
        if (message?.from !== "customer") return refuse({ code: 131009, details: "message_id is unknown" });
        chats.readUpTo(message);
        if (receipt.data.typing_indicator) live.startTyping(message.customer);
        live.publish({ type: "chat", customer: message.customer });
        return json({ success: true });
      }
      const parsed = parseSend(body);
      if ("refused" in parsed) return refuse(parsed.refused);
      const { request } = parsed;
      const { customer, address } = recipient(deps, request);
      const message = accept(deps, req.param("phoneNumberId"), request, parsed.content, customer);
      if (customer) live.stopTyping(customer.id);
      live.publish({ type: "chat", customer: message.customer });
      return json({
        messaging_product: "whatsapp",
        contacts: [
          request.to ? { input: request.to, wa_id: digits(address) } : { input: address, user_id: address },
        ],
        messages: [{ id: message.wamid, message_status: "accepted" }],
      });
    },
  );

  app.get("/:version/:phoneNumberId/message_history", ({ req, json }) => {
    const callbackData = req.query("biz_opaque_callback_data");
    if (callbackData === undefined)
      return refuse({ code: 131008, details: "biz_opaque_callback_data is required by the simulator" });
    const found = chats.sentWith(callbackData);
    return json({ data: found.map(({ wamid }) => ({ id: wamid, biz_opaque_callback_data: callbackData })) });
  });

  const ticket = (id: string, until: string): string => vault.fingerprint(`media/${id}/${until}`);

  app.get("/media/:id", ({ req }) => {
    const [id, until] = [req.param("id"), req.query("ext") ?? ""];
    const about = media.about(id);
    const bytes = media.bytes(id);
    if (!about || !bytes || req.query("hash") !== ticket(id, until) || Number(until) < clock().getTime())
      return new Response("Not found", { status: 404 });
    return new Response(bytes, {
      headers: { "content-type": about.mimeType, "x-content-type-options": "nosniff" },
    });
  });

  app.get("/:version/:mediaId", ({ req, json }) => {
    const id = req.param("mediaId");
    const about = media.about(id);
    if (!about) return unknownObject(id);
    const until = String(clock().getTime() + mediaUrlMs);
    const here = new URL(req.url);
    return json({
      messaging_product: "whatsapp",
      url: `${here.origin}${here.pathname.replace(/[^/]+\/[^/]+$/, "")}media/${id}?ext=${until}&hash=${ticket(id, until)}`,
      mime_type: about.mimeType,
      sha256: about.sha256Hex,
      file_size: about.sizeBytes,
      id,
    });
  });

  app.all("*", ({ req }) => unknownObject(req.path));
  return app;
};

/** Who is meant; undefined where nobody has that address. */
const recipient = ({ chats }: Deps, { to, recipient: userId }: SendRequest) => {
  // Meta goes by the phone number where both are given.
  const address = to ?? userId ?? "";
  return { address, customer: chats.customerAt(to ? { phone: digits(to) } : { userId: address }) };
};

/** Stores the message and the news of it in one transaction, so that both are there before the answer is. */
const accept = (
  deps: Deps,
  phoneNumberId: string,
  request: SendRequest,
  content: unknown,
  customer: Customer | undefined,
): PhoneMessage => {
  const { db, chats, live, tell, vault, clock, random, newId } = deps;
  const { type, to, recipient: userId, context, biz_opaque_callback_data: callbackData } = request;
  const now = clock();
  const error = customer
    ? type === "template" || windowIsOpen(deps, customer, now)
      ? undefined
      : 131047
    : 131026;
  const message: PhoneMessage = {
    wamid: `wamid.SIM${newId()}`,
    phoneNumberId,
    customer: customer?.id ?? vault.fingerprint(to ? digits(to) : (userId ?? "")),
    from: "business",
    at: now.toISOString(),
    content: { type, [type]: content },
    reactions: {},
    sentTo: to ? "phone" : "user-id",
    ...(context && { replyTo: context.message_id }),
    ...(callbackData !== undefined && { callbackData }),
    ...(error && { failed: error }),
  };
  const open = customer !== undefined && live.isOpen(customer.id);
  const statuses = error ? afterFailing({ now, random, error }) : afterAccepting({ open, now, random });
  transaction(db, () => {
    chats.put(message);
    if (error || open || type === "reaction") chats.tick(message.wamid, "read");
    if (type === "reaction") react(chats, content);
    tell(customer, message, statuses);
  });
  return message;
};

const windowIsOpen = ({ chats }: Deps, { id }: Customer, now: Date): boolean => {
  const last = chats.lastFrom(id, "customer");
  return last !== undefined && now.getTime() - Date.parse(last.at) <= serviceWindowMs;
};

/** The business's reaction is shown at the message that it is about. */
const react = (chats: Chats, content: unknown): void => {
  const { message_id: wamid, emoji } = ReactionContent.parse(content);
  const message = chats.message(wamid);
  if (!message) return;
  const { business: _, ...others } = message.reactions;
  chats.put({ ...message, reactions: emoji ? { ...others, business: emoji } : others });
};
