/** A simulator with everything around it in memory, and a Hilo that only listens. */
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { aesGcm } from "#core/clients/aes-gcm.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import type { FaultName } from "./faults.ts";
import { Customer, PhoneMessage } from "./shapes.ts";
import { simulator, type SimulatorDeps } from "./simulator.ts";

export const phoneNumberId = "106540352242922";
export const appSecret = "an-app-secret";
export const graphToken = "a-graph-token";
export const sealer = aesGcm(randomBytes(32));

const Status = z.looseObject({ id: z.string(), status: z.string(), timestamp: z.string() });
const Item = z.looseObject({ id: z.string(), type: z.string(), timestamp: z.string() });
const BusinessNumber = z.object({ display_phone_number: z.string(), phone_number_id: z.string() });
const Body = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.tuple([
    z.object({
      id: z.string(),
      changes: z.tuple([
        z.object({
          field: z.string(),
          value: z.object({
            messaging_product: z.literal("whatsapp"),
            metadata: BusinessNumber.optional(),
            recipient: BusinessNumber.optional(),
            control_passed: z.looseObject({ new_owner_role: z.string() }).optional(),
            standby: z
              .object({ messages: z.array(Item).optional(), message_echoes: z.array(Item).optional() })
              .optional(),
            contacts: z.array(z.looseObject({ user_id: z.string() })).optional(),
            messages: z.array(Item).optional(),
            message_echoes: z.array(Item).optional(),
            statuses: z.array(Status).optional(),
          }),
        }),
      ]),
    }),
  ]),
});
const Chat = z.object({
  heldByMetaAgent: z.boolean(),
  messages: z.array(PhoneMessage.extend({ ticks: z.string() })),
  typing: z.boolean(),
});
const State = z.object({
  customers: z.array(Customer.extend({ unread: z.int() })),
  webhooksWaiting: z.int(),
});

export type Delivery = { raw: string; signature: string };

export const simulated = (
  options: { db?: DatabaseSync; answer?: () => number } & Partial<SimulatorDeps> = {},
) => {
  const deliveries: Delivery[] = [];
  const events = new Map<string, RecordedEvent[]>();
  const listeners = new Set<(stream: string) => void>();
  const db = options.db ?? openSqlite(":memory:", { durability: "normal" });
  let ids = 0;
  const { app, stop, forget, accepted } = simulator({
    db,
    sealer,
    appSecret,
    graphToken,
    phoneNumberId,
    displayPhoneNumber: "+1 555-078-3881",
    businessAccountId: "102290129340398",
    async webhook(rawBody, signature) {
      const status = await Promise.resolve(options.answer?.() ?? 200);
      if (status === 200) deliveries.push({ raw: new TextDecoder().decode(rawBody), signature });
      return status;
    },
    conversationOf: ({ userId }) => Promise.resolve(events.has(userId ?? "") ? userId : undefined),
    eventsOf: (stream, from) =>
      Promise.resolve((events.get(stream) ?? []).filter(({ version }) => version >= from)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clock: () => new Date(),
    // The middle of every range, and none of the mishaps.
    random: () => 0.5,
    newId: () => `${++ids}${randomBytes(8).toString("hex")}`,
    ...options,
  });

  const call = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app.request(`http://localhost${path}`, init);
  const values = () => deliveries.map(({ raw }) => Body.parse(JSON.parse(raw)).entry[0].changes[0]);
  const statuses = () => values().flatMap(({ value }) => value.statuses ?? []);
  const customers = async () => State.parse(await (await call("/simulator/state")).json()).customers;
  const named = async (name: string) => {
    const customer = (await customers()).find((it) => it.name.startsWith(name));
    if (!customer) throw new Error(`no ${name}`);
    return customer;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    call(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  return {
    app,
    stop,
    forget,
    accepted,
    deliveries,
    call,
    post,
    values,
    statuses,
    named,
    state: async () => State.parse(await (await call("/simulator/state")).json()),
    chat: async (id: string) => Chat.parse(await (await call(`/simulator/customers/${id}/chat`)).json()),
    act: (id: string, action: unknown) => post(`/simulator/customers/${id}/actions`, action),
    upload: (id: string, query: Record<string, string>, bytes: Uint8Array<ArrayBuffer>) =>
      call(`/simulator/customers/${id}/files?${new URLSearchParams(query).toString()}`, {
        method: "POST",
        body: bytes,
      }),
    graph: (body: unknown, token = graphToken, headers: Record<string, string> = {}) =>
      post(`/graph/v26.0/${phoneNumberId}/messages`, body, { authorization: `Bearer ${token}`, ...headers }),
    /** Switches a fault on. */
    fault: (name: FaultName, scope: object = {}) =>
      call(`/simulator/faults/${name}`, { method: "PUT", body: JSON.stringify(scope) }),
    graphGet: (path: string, token = graphToken) =>
      call(`/graph/v26.0/${path}`, { headers: { authorization: `Bearer ${token}` } }),
    /** Waits until something holds, and throws when it takes too long. */
    async until(what: () => boolean | Promise<boolean>): Promise<void> {
      const giveUpAtMs = performance.now() + 4_000;
      while (!(await what())) {
        if (performance.now() > giveUpAtMs) throw new Error(`never true: ${what.toString()}`);
        await setTimeout(10);
      }
    },
    append(stream: string, ...added: RecordedEvent[]) {
      events.set(stream, [...(events.get(stream) ?? []), ...added]);
      for (const listener of listeners) listener(stream);
    },
  };
};

export type Simulated = ReturnType<typeof simulated>;

/** A page that looks at a customer's chat, until the returned function is called. */
export const watching = async ({ call }: Simulated, customer: string) => {
  const tab = crypto.randomUUID();
  const abort = new AbortController();
  const response = await call(`/simulator/live?tab=${tab}`, { signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  const look = (id: string | undefined) =>
    call(`/simulator/tabs/${tab}`, {
      method: "PUT",
      body: JSON.stringify(id === undefined ? {} : { customer: id }),
    });
  await look(customer);
  return {
    first: first?.value ?? "",
    look,
    next: async () => (await reader?.read())?.value ?? "",
    async close() {
      abort.abort();
      await reader?.cancel();
    },
  };
};

/** The smallest PNG there is. */
export const png = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);
