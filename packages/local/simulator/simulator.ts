/**
 * A stand-in for Meta on this machine: the Graph API that Hilo calls, the webhooks that it receives, and a page
 * with the customers' phone on one side and what Hilo recorded on the other. Nothing leaves the machine.
 */
import type { DatabaseSync } from "node:sqlite";
import { Hono } from "hono";
import type { Sealer } from "#core/clients/keys.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { transaction } from "#core/store/sqlite.ts";
import { bystander } from "./bystander.ts";
import { chats as chatsIn } from "./chats.ts";
import { customers as customersOf } from "./customers.ts";
import { decisionsIn } from "./decisions.ts";
import { faultSwitches } from "./fault-switches.ts";
import { forgetPeople } from "./forget.ts";
import { graph } from "./graph.ts";
import { localOnly, securityHeaders } from "./guard.ts";
import { limits as metaLimits } from "./limits.ts";
import { live as liveChanges } from "./live.ts";
import { mediaShelf } from "./media.ts";
import { metaAgent as agentOf } from "./meta-agent.ts";
import { news } from "./news.ts";
import { outbox as outboxIn } from "./outbox.ts";
import { page } from "./page.ts";
import { recordings } from "./recordings.ts";
import type { Business } from "./shapes.ts";
import { approvedTemplates, type ConfiguredTemplate } from "./templates.ts";
import { vault as vaultIn } from "./vault.ts";

export type SimulatorDeps = {
  /** A file of its own, opened by `openSqlite`; the caller closes it after `stop`. */
  db: DatabaseSync;
  /** Seals everything personal or textual in that file. */
  sealer: Sealer;
  /** Delivers to Hilo's webhook and resolves with the HTTP status; anything but 200, and a rejection, is tried again. */
  webhook: (rawBody: Uint8Array, signature: string) => Promise<number>;
  appSecret: string;
  /** What the phone calls the business. */
  businessName?: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  businessAccountId: string;
  graphToken: string;
  /** The stream of the person with these aliases (digits of the phone), if there is one. */
  conversationOf: (alias: { phone?: string; userId?: string }) => Promise<string | undefined>;
  /** A stream's events from a version on, decrypted. */
  eventsOf: (stream: string, from: number) => Promise<RecordedEvent[]>;
  /** Calls back after each append, until the returned function is called. */
  onChange: (listener: (stream: string) => void) => () => void;
  /** What a person decides. The page offers what is given here; of a rejection it shows the message. */
  resolveSend?: (stream: string, sendId: string, how: "resend" | "drop") => Promise<void>;
  resumeBot?: (stream: string) => Promise<void>;
  takeOver?: (stream: string) => Promise<void>;
  /** Whether answers go to another Graph API than this one; not by default. */
  sendsElsewhere?: boolean;
  /** The templates that count as approved, besides the simulator's own two. */
  templates?: readonly ConfiguredTemplate[];
  clock: () => Date;
  random: () => number;
  /** Random and unguessable, such as a ULID. */
  newId: () => string;
};

export type Simulator = {
  /** `/`, `/simulator/*` and `/graph/*`; mount it at the root. */
  app: Hono;
  /** Shows what a webhook brought that this simulator did not send. */
  accepted(rawBody: Uint8Array): void;
  /** Ends open pages and deliveries; what was not delivered comes when the next one starts. */
  stop(): Promise<void>;
  /** Deletes everything about whoever has one of these phone numbers or user ids. */
  forget(...phonesOrUserIds: string[]): Promise<void>;
};

/** Starts at once, with the webhooks that an earlier run could not deliver. */
export const simulator = (deps: SimulatorDeps): Simulator => {
  const { db, sealer } = deps;
  const business: Business = {
    name: deps.businessName ?? "Sample business",
    phoneNumberId: deps.phoneNumberId,
    displayPhoneNumber: deps.displayPhoneNumber,
    businessAccountId: deps.businessAccountId,
  };
  const vault = vaultIn(db, sealer);
  const live = liveChanges();
  const chats = chatsIn(db, vault);
  const media = mediaShelf(db, vault);
  const outbox = outboxIn({
    ...deps,
    vault,
    attempted(customer, accepted) {
      for (const wamid of accepted?.wamids ?? []) chats.tick(wamid, "delivered");
      if (accepted?.wamids.length) live.publish({ type: "chat", customer });
      live.publish({ type: "webhooks" });
    },
  });
  const changed = (): void => live.publish({ type: "faults" });
  const faults = faultSwitches({ ...deps, changed });
  const limits = metaLimits({ ...deps, changed });
  const parts = { ...deps, vault, chats, media, outbox, live, business, faults, limits };
  const metaAgent = agentOf(parts);
  const told = news(parts);
  const customers = customersOf({ ...parts, metaAgent });

  const app = new Hono();
  for (const path of ["/", "/simulator/*", "/graph/*"]) app.use(path, localOnly, securityHeaders);
  const { tell } = told;
  app.route(
    "/graph",
    graph({ ...parts, metaAgent, tell, templates: approvedTemplates(deps.templates ?? []) }),
  );
  app.route(
    "/",
    page({
      ...parts,
      metaAgent,
      customers,
      decisions: decisionsIn(deps),
      opened: (customer) => told.opened(customer),
      recordings: recordings(deps),
      webhooksWaiting: () => outbox.waiting(),
      sendsElsewhere: deps.sendsElsewhere ?? false,
    }),
  );

  const unsubscribe = deps.onChange((stream) => live.publish({ type: "events", stream }));
  outbox.start();

  return {
    app,
    accepted: bystander(parts),

    async stop() {
      unsubscribe();
      live.stop();
      await outbox.stop();
    },

    async forget(...phonesOrUserIds) {
      transaction(db, () => {
        for (const id of forgetPeople(parts, phonesOrUserIds)) live.stopTyping(id);
        customers.addMissingSamples();
      });
      // Deleted rows are overwritten in the file, and this empties the log beside it.
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      live.publish({ type: "customers" });
    },
  };
};
