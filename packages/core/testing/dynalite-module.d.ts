/** The little of it that we use: it comes without types. */
declare module "dynalite" {
  import type { Server } from "node:http";

  /** A DynamoDB without Streams and transactions, in memory. Times are how long tables take to come and go. */
  const dynalite: (options: {
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }) => Server;
  export default dynalite;
}
