import dynalite from "dynalite";
import { listen } from "./listen.ts";

/** A DynamoDB in this process, on a free port, empty. */
export const startDynalite = async (): Promise<{ endpoint: string; stop: () => Promise<void> }> => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
