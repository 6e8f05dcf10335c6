import { keysContract } from "#core/clients/keys.contract.ts";
import { cheapKeys } from "./cheap-keys.ts";

keysContract("the rehearsal's", async () => {
  const keys = cheapKeys(7);
  return async () => keys;
});
