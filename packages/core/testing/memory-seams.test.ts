/** What stands for the stores in tests and in the rehearsal does all that the real ones do. */
import { keysContract } from "../clients/keys.contract.ts";
import { mediaStoreContract } from "../clients/media-store.contract.ts";
import { circuitsContract } from "../store/circuits.contract.ts";
import { identitiesContract } from "../store/identities.contract.ts";
import { pacingContract } from "../store/pacing.contract.ts";
import { queuesContract } from "../store/queues.contract.ts";
import { tallyContract } from "../store/tally.contract.ts";
import { viewStoreContract } from "../store/view-store.contract.ts";
import { memoryCircuits } from "./memory-circuits.ts";
import { memoryIdentities } from "./memory-identities.ts";
import { memoryKeys } from "./memory-keys.ts";
import { memoryMediaStore } from "./memory-media-store.ts";
import { memoryPacing } from "./memory-pacing.ts";
import { memoryQueues } from "./memory-queues.ts";
import { memoryTally } from "./memory-tally.ts";
import { memoryViewStore } from "./memory-view-store.ts";

keysContract("memory", async () => {
  const keys = memoryKeys();
  return async () => keys;
});
queuesContract("memory", async (clock) => memoryQueues(clock));
viewStoreContract("memory", async () => memoryViewStore());
identitiesContract("memory", async () => memoryIdentities());
pacingContract(
  "memory",
  async () => {
    const pacing = memoryPacing();
    return [pacing, pacing];
  },
  { runs: 300 },
);
circuitsContract("memory", async () => {
  const circuits = memoryCircuits();
  return [circuits, circuits];
});
tallyContract("memory", async (nowMs) => {
  const tally = memoryTally(nowMs);
  return [tally, tally];
});
mediaStoreContract("memory", async () => memoryMediaStore(new Map()));
