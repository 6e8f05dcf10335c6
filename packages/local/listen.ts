import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";

export type Listening = {
  /** For people. */
  url: string;
  /** For calls to ourselves: where `localhost` means another address first, it may be another program's. */
  ownUrl: string;
  /** Until this is called, requests wait. */
  serve(app: Hono): void;
  close(): Promise<void>;
};

/** Listens on this machine only. Throws `PortTaken`, which says what to do about it. */
export const listen = async (port: number): Promise<Listening> => {
  const { promise: app, resolve: serve } = Promise.withResolvers<Hono>();
  const server = createAdaptorServer({ fetch: async (request, env) => (await app).fetch(request, env) });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortTaken(port) : error),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${actual}`,
    ownUrl: `http://127.0.0.1:${actual}`,
    serve,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
};

export class PortTaken extends Error {
  override name = "PortTaken";

  constructor(port: number) {
    super(`port ${port} is taken: stop what listens there, or choose another with HILO_PORT`);
  }
}
