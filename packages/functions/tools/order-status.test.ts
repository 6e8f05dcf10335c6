import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { orderStatusTool } from "./order-status.ts";

const order = (id: string) => ({ id, status: "on its way" });

/** The business's system, answering as it is told. */
const system = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/find`;
};

const answering =
  (body: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

const lookUp = async (url: string, given: unknown = {}, timeoutMs = 2_000) =>
  orderStatusTool({ url })
    .prepare(given)
    ?.run({ scope: { phone: "34600000001" }, timeoutMs });

describe("the orders tool", () => {
  it("asks for the contact of the conversation, and for nothing else", async () => {
    const bodies: string[] = [];
    const url = await system((request, response) => {
      request.setEncoding("utf8").on("data", (part: string) => bodies.push(part));
      request.on("end", () => answering({ orders: [order("A-1")] })(request, response));
    });
    await lookUp(url, { order: "A-1" });
    expect(bodies).toEqual(['{"contact":{"phone":"34600000001"}}']);
  });

  it.each([
    [{}, ["A-1", "A-2", "A-3", "A-4", "A-5"]],
    [{ order: "a-6" }, ["A-6"]],
    [{ order: "A-7" }, []],
  ])("shows of six, asked for %j, %j", async (given, ids) => {
    const url = await system(answering({ orders: [1, 2, 3, 4, 5, 6].map((nth) => order(`A-${nth}`)) }));
    expect(await lookUp(url, given)).toEqual({ orders: ids.map(order) });
  });

  it("shows no field that it doesn't know", async () => {
    const url = await system(answering({ orders: [{ ...order("A-1"), address: "Calle 7" }], total: 1 }));
    expect(await lookUp(url)).toEqual({ orders: [order("A-1")] });
  });

  it.each([
    { phone: "34600000099" },
    { contact: { phone: "34600000099" } },
    { order: "A-1", phone: "34600000099" },
    { order: "../A-1" },
    { order: "x".repeat(33) },
    { order: 7 },
    "A-1",
    null,
  ])("F57: is not to be had with %j", (given) => {
    expect(orderStatusTool({ url: "https://orders.example" }).prepare(given)).toBeUndefined();
  });

  it("is not read beyond its limit", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        if (pulled > 100) controller.close();
        else controller.enqueue(new Uint8Array(8 * 1024).fill(32));
      },
    });
    const tool = orderStatusTool({ url: "https://orders.example", fetch: async () => new Response(endless) });
    await expect(tool.prepare({})?.run({ scope: {}, timeoutMs: 1_000 })).rejects.toThrow("too much");
    expect(pulled).toBeLessThan(12);
  });

  it.each<[string, RequestListener]>([
    ["says no", answering({}, 500)],
    ["answers something else", answering({ orders: "none" })],
    ["answers too much", answering({ orders: [], padding: "x".repeat(70_000) })],
    ["answers no JSON", (_, response) => void response.end("<html>")],
    ["says nothing", () => {}],
    [
      "F56: leads elsewhere",
      (_, response) => void response.writeHead(307, { location: "http://169.254.169.254/" }).end(),
    ],
  ])("fails when the system %s", async (_, listener) => {
    await expect(lookUp(await system(listener), {}, 300)).rejects.toBeInstanceOf(Error);
  });
});
