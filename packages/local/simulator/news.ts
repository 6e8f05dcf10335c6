/** Tells Hilo what became of the messages that it sent. */
import type { DatabaseSync } from "node:sqlite";
import { transaction } from "#core/store/sqlite.ts";
import type { Chats } from "./chats.ts";
import type { Live } from "./live.ts";
import type { Outbox } from "./outbox.ts";
import type { Business, Customer, PhoneMessage } from "./shapes.ts";
import { afterOpening, type PlannedStatus } from "./statuses.ts";
import { statusBody } from "./webhook-bodies.ts";

export type News = ReturnType<typeof news>;

export const news = (deps: {
  db: DatabaseSync;
  chats: Chats;
  outbox: Outbox;
  live: Live;
  business: Business;
  clock: () => Date;
  random: () => number;
}) => {
  const { db, chats, outbox, live, business, clock, random } = deps;

  /** Durable when the caller's transaction is. `customer` is undefined where nobody has the address. */
  const tell = (
    customer: Customer | undefined,
    message: PhoneMessage,
    statuses: readonly PlannedStatus[],
  ): void => {
    for (const status of statuses)
      outbox.add({
        customer: message.customer,
        kind: "status",
        dueMs: status.dueMs,
        wamids: [],
        body: statusBody(
          { ...business, ...(message.phoneNumberId && { phoneNumberId: message.phoneNumberId }) },
          customer,
          message,
          status,
        ),
      });
  };

  return {
    tell,

    /** The customer looks at the chat: what lay unread in it is read now. */
    opened(customer: Customer): void {
      const unread = chats.unread(customer.id);
      if (unread.length === 0) return;
      transaction(db, () => {
        for (const message of unread) {
          chats.tick(message.wamid, "read");
          // Of what was not sent through the Cloud API, it tells nothing.
          const isTold = !message.byPhoneApp && !message.byMetaAgent && !message.untold;
          if (isTold) tell(customer, message, afterOpening({ now: clock(), random }));
        }
      });
      live.publish({ type: "chat", customer: customer.id });
    },
  };
};
