import { once } from "node:events";
import type { Server } from "node:net";

/** Lets a server listen on this machine only, and answers its port: a free one. */
export const listen = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no port");
  return address.port;
};
