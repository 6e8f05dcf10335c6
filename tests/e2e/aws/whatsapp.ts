/** WhatsApp: the simulator, alone. It knows Hilo by the address of its webhook only, and Hilo it by its Graph API. */
import { randomBytes } from "node:crypto";
import { aesGcm } from "#core/clients/aes-gcm.ts";
import { ulids } from "#core/clients/ids.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { listen } from "#local/listen.ts";
import { sampleBusiness } from "#local/sample-business.ts";
import { simulator } from "#local/simulator/simulator.ts";

type Deps = { appSecret: string; graphToken: string; webhookUrl: () => string };

export const startWhatsapp = async ({ appSecret, graphToken, webhookUrl }: Deps) => {
  const server = await listen(0);
  const db = openSqlite(":memory:", { durability: "normal" });
  const clock = () => new Date();
  const { app, stop } = simulator({
    ...sampleBusiness,
    db,
    sealer: aesGcm(randomBytes(32)),
    appSecret,
    graphToken,
    async webhook(rawBody, signature) {
      const { status } = await fetch(webhookUrl(), {
        method: "POST",
        headers: { "content-type": "application/json", "x-hub-signature-256": signature },
        body: Buffer.from(rawBody),
      });
      return status;
    },
    // Hilo's side is asked through its own API.
    conversationOf: () => Promise.resolve(undefined),
    eventsOf: () => Promise.resolve([]),
    onChange: () => () => {},
    clock,
    // No mishaps, so that each message is sent once and each status comes once.
    random: () => 0.5,
    newId: ulids(clock),
  });
  server.serve(app);
  return {
    url: server.url,
    graphUrl: `${server.url}/graph`,
    async stop() {
      await stop();
      await server.close();
      db.close();
    },
  };
};
