// The customers: a process that posts webhooks as it is told, and says how long each took.

import { Agent, request } from "node:http";
import { sign } from "../../../packages/core/clients/whatsapp/signature.ts";
import { message, webhook } from "../../../packages/functions/testing/webhooks.ts";
import { phoneOf } from "../../shared/history.ts";
import { appSecret } from "./work.ts";

/** Either as many at once as it says, or so many a second whatever becomes of them. */
export type Order = {
  url: string;
  first: number;
  posts: number;
  itemsEach: number;
  atOnce?: number;
  perSecond?: number;
};

const customers = 1_000;
const customersInOne = 100;
const agent = new Agent({ keepAlive: true });

process.on("message", (order: Order) => {
  void carryOut(order).then((latencies) => process.send?.(latencies));
});

async function carryOut(order: Order): Promise<number[]> {
  const bodies = Array.from({ length: order.posts }, (_, index) => bodyOf(order, index));
  const signatures = bodies.map((body) => sign(body, appSecret));
  const post = (index: number) => send(order.url, bodies[index] ?? Buffer.of(), signatures[index] ?? "");
  return order.perSecond === undefined
    ? closed(post, order.posts, order.atOnce ?? 1)
    : open(post, order.posts, order.perSecond);
}

function bodyOf({ first, itemsEach }: Order, index: number): Buffer {
  const now = Date.now();
  const changes = Array.from({ length: itemsEach }, (_, item) => {
    const place = first + index * itemsEach + item;
    const customer = place % (itemsEach > 1 ? customersInOne : customers);
    return message({ phone: phoneOf(customer), name: `Cliente ${customer}` }, `wamid.bench${place}`, now);
  });
  return Buffer.from(JSON.stringify(webhook(...changes)));
}

async function closed(
  post: (index: number) => Promise<void>,
  posts: number,
  atOnce: number,
): Promise<number[]> {
  const latencies: number[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < posts) {
        const startedAt = performance.now();
        await post(next++);
        latencies.push(performance.now() - startedAt);
      }
    }),
  );
  return latencies;
}

/** A late start counts as latency: otherwise a server that stalls would be asked less, and look quick. */
async function open(
  post: (index: number) => Promise<void>,
  posts: number,
  perSecond: number,
): Promise<number[]> {
  const latencies: number[] = [];
  const sending: Promise<void>[] = [];
  const beganAt = performance.now();
  for (let index = 0; index < posts; index++) {
    const intendedAt = beganAt + (index * 1_000) / perSecond;
    const early = intendedAt - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    sending.push(post(index).then(() => void latencies.push(performance.now() - intendedAt)));
  }
  await Promise.all(sending);
  return latencies;
}

function send(url: string, body: Buffer, signature: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": body.length,
      "x-hub-signature-256": signature,
    };
    const posting = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.once("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      );
    });
    // the server closes idle connections, maybe just as one is used again: then as every client does, once more
    posting.once("error", (error) => {
      if (posting.reusedSocket) resolve(send(url, body, signature));
      else reject(error);
    });
    posting.end(body);
  });
}
