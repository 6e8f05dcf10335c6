import { join } from "node:path";
import type { Config } from "#core/config.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { conversationStream } from "#core/events/stream.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { resolveSend } from "#functions/commands/resolve-send.ts";
import { resumeBot, takeOver } from "#functions/commands/take-over.ts";
import { aliasesOf, type Names } from "#functions/shared/aliases-of.ts";
import { sampleBusiness } from "./sample-business.ts";
import { simulator, type Simulator, type SimulatorDeps } from "./simulator/simulator.ts";
import type { Stores } from "./stores.ts";

/** Who decides on the simulator's page. */
const by = "simulator";

/** The simulator beside this Hilo. It knows the business's side only as WhatsApp would, by webhooks and the Graph API. */
export const startSimulator = async (
  config: Config,
  stores: Stores,
  url: string,
  { onChange, templates }: Required<Pick<SimulatorDeps, "onChange" | "templates">>,
): Promise<Simulator> => {
  const sealer = await stores.keys.sealer("simulator");
  if (!sealer) throw new Error("the simulator's key was destroyed");
  const db = openSqlite(join(config.HILO_DATA_DIR, "simulator.db"), { durability: "normal" });
  const simulated = simulator({
    ...stores,
    ...sampleBusiness,
    db,
    sealer,
    onChange,
    appSecret: config.HILO_APP_SECRET[0] ?? "",
    graphToken: config.HILO_GRAPH_TOKEN,
    templates,
    sendsElsewhere: config.HILO_GRAPH_URL !== "",
    conversationOf: (alias) => conversationOf(stores, alias),
    eventsOf: (stream, from) => eventsOf(stores, stream, from),
    resolveSend: async (stream, sendId, how) => void (await resolveSend(stores, stream, { sendId, how, by })),
    resumeBot: async (stream) => void (await resumeBot(stores, stream, { by })),
    takeOver: async (stream) => void (await takeOver(stores, stream, { by })),
    async webhook(rawBody, signature) {
      const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
      const { status } = await fetch(`${url}/webhook`, {
        method: "POST",
        headers,
        body: Buffer.from(rawBody),
      });
      return status;
    },
  });
  return {
    ...simulated,
    async stop() {
      await simulated.stop();
      db.close();
    },
  };
};

const conversationOf = async ({ identities, pseudonyms, store }: Stores, names: Names) => {
  const contact = await identities.find(aliasesOf(pseudonyms, names));
  if (!contact) return undefined;
  // a contact of the sample business has one conversation with it; one that others made up, with their number
  const numbers = contact.phoneNumberIds.toSorted(
    (a, b) => Number(b === sampleBusiness.phoneNumberId) - Number(a === sampleBusiness.phoneNumberId),
  );
  const stream = conversationStream(contact.contactId, numbers[0] ?? sampleBusiness.phoneNumberId);
  return (await store.log.head(stream)) > 0 ? stream : undefined;
};

const eventsOf = async ({ store }: Stores, stream: string, from: number): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(stream, { from })) events.push(...page);
  return events;
};
