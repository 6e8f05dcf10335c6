import { existsSync } from "node:fs";
import { join } from "node:path";
import { openSqlite, transaction } from "#core/store/sqlite.ts";
import { chats } from "./simulator/chats.ts";
import { forgetPeople } from "./simulator/forget.ts";
import { mediaShelf } from "./simulator/media.ts";
import { outbox } from "./simulator/outbox.ts";
import { vault as vaultIn } from "./simulator/vault.ts";
import type { Stores } from "./stores.ts";

/** The file is in use; what was deleted from it may still stand in the log beside it. Doing it again clears it. */
export class SimulatorRemains extends Error {
  override name = "SimulatorRemains";
}

/** What `Simulator.forget` does, from another process, whether or not a simulator runs on these files. */
export const forgetSimulated = async (
  dataDir: string,
  { keys, clock, random }: Pick<Stores, "keys" | "clock" | "random">,
  addresses: readonly string[],
): Promise<void> => {
  const file = join(dataDir, "simulator.db");
  const sealer = await keys.sealer("simulator");
  if (!existsSync(file) || !sealer) return;
  const db = openSqlite(file, { durability: "normal" });
  try {
    const vault = vaultIn(db, sealer);
    const parts = {
      vault,
      chats: chats(db, vault),
      media: mediaShelf(db, vault),
      // Never started, so it delivers nothing.
      outbox: outbox({ db, vault, clock, random, appSecret: "", webhook: async () => 0, attempted() {} }),
    };
    transaction(db, () => void forgetPeople(parts, addresses));
    const busy = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"];
    if (busy !== 0)
      throw new SimulatorRemains("the simulator's copies are deleted, but still in its log: erase once more");
  } finally {
    db.close();
  }
};
