/** The customer's own orders, from the business's system. */
import * as z from "zod";
import { limitedBody } from "#core/clients/limited-body.ts";
import { orderId } from "./order-id.ts";
import { tool, type Tool, type ToolScope } from "./tool.ts";

export type OrdersOptions = {
  /** Is posted `{ "contact": { "phone": … } }`, and answers `{ "orders": [ … ] }` with that contact's orders. */
  url: string;
  fetch?: typeof fetch;
};

/** What the business's system answers. Fields that are not here are not shown to a model. */
const Orders = z.object({
  orders: z
    .array(
      z.object({
        id: orderId,
        status: z.string().max(200),
        /** ISO-8601 date or instant. */
        expectedAt: z.string().max(40).optional(),
      }),
    )
    .max(50),
});

const bytesMax = 64 * 1024;
const shownMax = 5;

export const orderStatusTool = ({ url, fetch: call = fetch }: OrdersOptions): Tool =>
  tool({
    policy: { name: "order-status", effect: "reads" },
    description:
      "Look up this customer's own orders and their status. `order` narrows it to one; without it, the newest come.",
    schema: z.strictObject({ order: orderId.optional() }),
    async run({ order }, { scope, timeoutMs }) {
      const { orders } = await ordersOf(call, url, scope, timeoutMs);
      const wanted = order ? orders.filter(({ id }) => id.toLowerCase() === order.toLowerCase()) : orders;
      return { orders: wanted.slice(0, shownMax) };
    },
  });

const ordersOf = async (call: typeof fetch, url: string, scope: ToolScope, timeoutMs: number) => {
  const response = await call(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ contact: scope }),
    // where it leads is not the operator's choice any more
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`the orders' system answered ${response.status}`);
  const text = await limitedBody(response, bytesMax);
  if (text === undefined) throw new Error("the orders' system answered too much");
  return Orders.parse(JSON.parse(text));
};
