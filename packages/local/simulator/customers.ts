/** Turns what is done on the page into messages on the phone and genuine webhooks, both in one transaction. */
import { randomInt } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { transaction } from "#core/store/sqlite.ts";
import type { Action, NewCustomer, Refused, Upload } from "./actions.ts";
import type { ChatMessage, Chats } from "./chats.ts";
import { fileContent, mediaType } from "./files.ts";
import { replyFor } from "./interactive.ts";
import type { Live } from "./live.ts";
import type { MediaShelf } from "./media.ts";
import type { MetaAgent } from "./meta-agent.ts";
import type { Outbox } from "./outbox.ts";
import { phoneMessage } from "./phone-message.ts";
import { sampleCustomers } from "./samples.ts";
import type { Business, Customer, WireContent } from "./shapes.ts";
import { echoBody, type InboundItem, messagesBody } from "./webhook-bodies.ts";

type Deps = {
  db: DatabaseSync;
  chats: Chats;
  media: MediaShelf;
  outbox: Outbox;
  live: Live;
  metaAgent: MetaAgent;
  business: Business;
  clock: () => Date;
  newId: () => string;
};
type Result = Refused | { done: true };

const done = { done: true } as const;
const customersMax = 200;
const editableMs = 15 * 60_000;
const revocableMs = 2 * 24 * 3_600_000;

export type Customers = ReturnType<typeof customers>;

export const customers = (deps: Deps) => {
  const { db, chats, media, outbox, live, metaAgent, business, clock, newId } = deps;
  const item = (content: WireContent, replyTo?: string): InboundItem => ({
    wamid: `wamid.SIM${newId()}`,
    at: clock().toISOString(),
    content,
    ...(replyTo && { context: { wamid: replyTo } }),
  });

  /** `shown` stand in the chat; the webhook tells of `items`. */
  const post = (
    customer: Customer,
    items: InboundItem[],
    shown: InboundItem[],
    dueMs = clock().getTime(),
  ): Result => {
    for (const it of shown) chats.put(phoneMessage(customer, "customer", it));
    const body = metaAgent.holds(customer)
      ? metaAgent.hear(customer, items, { answers: shown.length > 0 })
      : messagesBody(business, customer, items);
    outbox.add({ customer: customer.id, kind: "message", dueMs, body, wamids: shown.map((it) => it.wamid) });
    return done;
  };
  const say = (customer: Customer, content: WireContent, replyTo?: string): Result => {
    const said = item(content, replyTo);
    return post(customer, [said], [said]);
  };

  /** A message of this customer's own that is young enough to be changed. */
  const own = (customer: Customer, wamid: string, withinMs: number): ChatMessage | undefined => {
    const message = chats.message(wamid);
    const isOwn = message?.customer === customer.id && message.from === "customer" && !message.revoked;
    return isOwn && clock().getTime() - Date.parse(message.at) <= withinMs ? message : undefined;
  };

  const perform = (customer: Customer, action: Action): Result => {
    switch (action.type) {
      case "text":
        return say(customer, { type: "text", text: { body: action.text } }, action.replyTo);
      case "burst": {
        const items = action.texts.map((body) => item({ type: "text", text: { body } }));
        // The first by itself, the others in one delivery, as Meta may well do.
        post(customer, items.slice(0, 1), items.slice(0, 1));
        return post(customer, items.slice(1), items.slice(1));
      }
      case "location": {
        const { type, replyTo, ...location } = action;
        return say(customer, { type, location }, replyTo);
      }
      case "choose": {
        const message = chats.message(action.in);
        const reply =
          message?.customer === customer.id ? replyFor(message.content, action.option) : undefined;
        return reply
          ? say(customer, { type: "interactive", interactive: reply }, action.in)
          : { refused: "That option is not there." };
      }
      case "react": {
        const target = chats.message(action.to);
        if (target?.customer !== customer.id) return { refused: "That message is not in this chat." };
        const { customer: _, ...others } = target.reactions;
        chats.put({ ...target, reactions: action.emoji ? { ...others, customer: action.emoji } : others });
        const reaction = { message_id: action.to, ...(action.emoji && { emoji: action.emoji }) };
        return post(customer, [item({ type: "reaction", reaction })], []);
      }
      case "edit": {
        const original = own(customer, action.original, editableMs);
        if (original?.content.type !== "text")
          return { refused: "Only a text of the last 15 minutes can be edited." };
        const message = { type: "text", text: { body: action.text } };
        chats.put({ ...original, content: message, edited: true });
        const edit = { original_message_id: original.wamid, message };
        return post(customer, [item({ type: "edit", edit })], []);
      }
      case "revoke": {
        const original = own(customer, action.original, revocableMs);
        if (!original) return { refused: "Only a message of the last two days can be deleted for everyone." };
        chats.put({ ...original, content: { type: "revoked" }, reactions: {}, revoked: true });
        const revoke = { original_message_id: original.wamid };
        return post(customer, [item({ type: "revoke", revoke })], []);
      }
      case "business-answers": {
        const echo = item({ type: "text", text: { body: action.text } });
        chats.put({ ...phoneMessage(customer, "business", echo), byPhoneApp: true });
        if (live.isOpen(customer.id)) chats.tick(echo.wamid, "read");
        const body = echoBody(business, customer, echo);
        outbox.add({ customer: customer.id, kind: "echo", dueMs: clock().getTime(), body, wamids: [] });
        return done;
      }
      case "meta-agent":
        if (action.holds) metaAgent.takeOver(customer);
        else metaAgent.handBack(customer);
        return done;
      case "redeliver":
        return outbox.redeliver(customer.id)
          ? done
          : { refused: "There is no webhook to deliver again yet." };
    }
  };

  const add = (customer: Omit<Customer, "id">): Customer => {
    const added = { ...customer, id: newId() };
    chats.addCustomer(added);
    return added;
  };
  /** Those that come with the program are always there, with an empty chat after they were forgotten. */
  const addMissingSamples = (): void => {
    const there = new Set(chats.customers().map(({ sample }) => sample));
    for (const sample of sampleCustomers) if (!there.has(sample.sample)) add(sample);
  };
  addMissingSamples();

  const within = (customer: Customer, work: () => Result): Result => {
    const result = transaction(db, work);
    if ("done" in result) live.publish({ type: "chat", customer: customer.id });
    return result;
  };

  return {
    act: (customer: Customer, action: Action): Result => within(customer, () => perform(customer, action)),

    upload(customer: Customer, upload: Upload, bytes: Uint8Array): Result {
      const type = mediaType(upload, bytes);
      if ("refused" in type) return type;
      return within(customer, () => {
        const stored = media.add(customer.id, bytes, { ...type, filename: upload.filename });
        return say(customer, fileContent(upload, stored), upload.replyTo);
      });
    },

    add({ name, phone }: NewCustomer): Customer | Refused {
      if (phone && chats.customerAt({ phone })) return { refused: "Somebody here already has that number." };
      if (chats.customers().length >= customersMax)
        return { refused: `There are ${customersMax} customers already.` };
      const userId = `US.1047${String(randomInt(1e14)).padStart(16, "0")}`;
      const customer = add({ name, userId, ...(phone ? { phone } : { username: usernameFor(name) }) });
      live.publish({ type: "customers" });
      return customer;
    },

    addMissingSamples,
  };
};

const usernameFor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ".")
    .replace(/^\.|\.$/g, "") || "someone";
