import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Hono } from "hono";
import type { HttpHandler } from "../../../packages/functions/commands/receive-webhook.ts";
import { limitBody, toLambda } from "../../../packages/local/gateway.ts";
import { listen } from "../../../packages/local/listen.ts";
import type { Context, Lap, Round } from "../../harness/contender.ts";
import type { Order } from "./customers.ts";
import { atOnce, perSecond, posts, samples, seconds, updatesInOne } from "./work.ts";

const warmUps = 1_500;

/** Serves webhooks with a handler, as Hilo's own server on one machine does, and lets the customers loose on it. */
export const serving = async (
  handler: HttpHandler,
  { scaled }: Pick<Context, "scaled">,
  check: (items: number) => Promise<void>,
): Promise<Round> => {
  const server = await listen(0);
  server.serve(new Hono().post("/webhook", limitBody, toLambda(handler)));
  const customers = fork(join(import.meta.dirname, "customers.ts"), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let items = 0;
  const order = async (wanted: Omit<Order, "url" | "first">, lap: Lap = () => {}): Promise<void> => {
    const latencies = await ask(customers, { ...wanted, url: `${server.ownUrl}/webhook`, first: items });
    items += wanted.posts * wanted.itemsEach;
    for (const latency of latencies) lap(latency);
  };
  return {
    warmUp: () => order({ posts: scaled(warmUps), itemsEach: 1, atOnce }),
    async run(time) {
      const [many, steady] = [scaled(posts), scaled(perSecond * seconds)];
      await time(samples.capacity, many, (lap) => order({ posts: many, itemsEach: 1, atOnce }, lap));
      await time(samples.steady, steady, (lap) => order({ posts: steady, itemsEach: 1, perSecond }, lap));
      await time(samples.large, updatesInOne, (lap) => order({ posts: 1, itemsEach: updatesInOne }, lap));
    },
    verify: () => check(items),
    async close() {
      customers.kill();
      await server.close();
    },
  };
};

const ask = async (customers: ChildProcess, order: Order): Promise<number[]> => {
  customers.send(order);
  const answer = await Promise.race([
    once(customers, "message"),
    once(customers, "exit").then(() => {
      throw new Error("the customers gave up");
    }),
  ]);
  return answer[0] as number[];
};
