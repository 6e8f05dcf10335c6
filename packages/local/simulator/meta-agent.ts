/** Plays Meta Business Agent: while it holds a chat, it answers there, and Hilo only listens (`standby`). */
import type { DatabaseSync } from "node:sqlite";
import type { Chats } from "./chats.ts";
import type { Outbox } from "./outbox.ts";
import { phoneMessage } from "./phone-message.ts";
import type { Live } from "./live.ts";
import type { Business, Customer } from "./shapes.ts";
import { handoverBody, type InboundItem, standbyBody } from "./webhook-bodies.ts";

const answerMs = 700;
const words = {
  es: "Soy el asistente de Meta de este negocio. ¿En qué puedo ayudarte?",
  en: "I'm this business's assistant by Meta. How can I help?",
};

export type MetaAgent = ReturnType<typeof metaAgent>;

/** After `chats`, whose customers its table refers to. Call what writes in a transaction. */
export const metaAgent = ({
  db,
  chats,
  outbox,
  live,
  business,
  clock,
  newId,
}: {
  db: DatabaseSync;
  chats: Chats;
  outbox: Outbox;
  live: Live;
  business: Business;
  clock: () => Date;
  newId: () => string;
}) => {
  db.exec(`CREATE TABLE IF NOT EXISTS held_by_meta (
    customer TEXT PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE
  ) STRICT`);
  const select = db.prepare("SELECT 1 FROM held_by_meta WHERE customer = ?");
  const holds = ({ id }: Customer): boolean => select.get(id) !== undefined;

  // Of kind "status", so that "deliver again" means what the customer did.
  const tell = (customer: Customer, to: "ai_agent" | "escalation"): void => {
    const at = clock();
    const body = handoverBody(business, customer, { to, at: at.toISOString() });
    outbox.add({ customer: customer.id, kind: "status", dueMs: at.getTime(), body, wamids: [] });
  };

  const answer = (customer: Customer): void => {
    const dueMs = clock().getTime() + answerMs;
    const body = customer.userId.startsWith("ES.") ? words.es : words.en;
    const said: InboundItem = {
      wamid: `wamid.SIM${newId()}`,
      at: new Date(dueMs).toISOString(),
      content: { type: "text", text: { body } },
    };
    chats.put({ ...phoneMessage(customer, "business", said), byMetaAgent: true });
    if (live.isOpen(customer.id)) chats.tick(said.wamid, "read");
    const echoed = standbyBody(business, customer, { echoes: [said] });
    outbox.add({ customer: customer.id, kind: "status", dueMs, body: echoed, wamids: [] });
  };

  return {
    holds,

    takeOver(customer: Customer): void {
      if (holds(customer)) return;
      db.prepare("INSERT INTO held_by_meta VALUES (?)").run(customer.id);
      tell(customer, "ai_agent");
    },

    handBack(customer: Customer): void {
      if (!holds(customer)) return;
      db.prepare("DELETE FROM held_by_meta WHERE customer = ?").run(customer.id);
      tell(customer, "escalation");
    },

    /** What Hilo is told of what a customer did; the agent answers it, if it is something to answer. */
    hear(customer: Customer, items: readonly InboundItem[], { answers }: { answers: boolean }): string {
      if (answers) answer(customer);
      return standbyBody(business, customer, { messages: items });
    },
  };
};
