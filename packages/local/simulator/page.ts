/** The page and what it asks for: `/`, `/simulator/*`. */
import { readdirSync, readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import * as z from "zod";
import { Action, NewCustomer, Upload } from "./actions.ts";
import { answer } from "./answer.ts";
import type { Chats } from "./chats.ts";
import type { Customers } from "./customers.ts";
import { type Decisions, decisionRoutes } from "./decisions.ts";
import type { FaultSwitches } from "./fault-switches.ts";
import { faultRoutes } from "./fault-routes.ts";
import type { Limits } from "./limits.ts";
import type { Change, Live } from "./live.ts";
import { type MediaShelf, mediaBytesMax } from "./media.ts";
import type { MetaAgent } from "./meta-agent.ts";
import type { Recordings } from "./recordings.ts";
import type { Business, Customer } from "./shapes.ts";

type Deps = {
  chats: Chats;
  customers: Customers;
  media: MediaShelf;
  live: Live;
  metaAgent: MetaAgent;
  recordings: Recordings;
  faults: FaultSwitches;
  limits: Limits;
  decisions: Decisions;
  business: Business;
  webhooksWaiting: () => number;
  /** Whether what is said goes to WhatsApp, or to another stand-in, and not to this page. */
  sendsElsewhere: boolean;
  /** The customer looks at the chat now. */
  opened: (customer: Customer) => void;
};

const heartbeatMs = 15_000;
const jsonBytesMax = 64 * 1024;
const Tab = z.object({ tab: z.uuid() });
const Look = z.object({ customer: z.string().optional() });
const From = z.object({ from: z.coerce.number().int().min(1).optional() });

export const page = (deps: Deps): Hono => {
  const { chats, customers, media, live, recordings, business } = deps;
  const app = new Hono();
  const customerOf = ({ req }: Context): Customer =>
    chats.customer(req.param("customer") ?? "") ?? missing("customer");
  const small = bodyLimit({ maxSize: jsonBytesMax });

  app.get("/simulator/state", () =>
    answer({
      business,
      decisions: Object.keys(deps.decisions),
      webhooksWaiting: deps.webhooksWaiting(),
      customers: chats.customers().map((customer) => {
        const [theirs, ours] = [
          chats.lastFrom(customer.id, "customer"),
          chats.lastFrom(customer.id, "business"),
        ];
        const last = (theirs?.seq ?? 0) > (ours?.seq ?? 0) ? theirs : ours;
        return { ...customer, last, unread: chats.unread(customer.id).length };
      }),
    }),
  );
  app.post("/simulator/customers", small, async ({ req }) =>
    answer(customers.add(NewCustomer.parse(await req.json())), 201),
  );
  app.get("/simulator/customers/:customer/chat", (context) => {
    const customer = customerOf(context);
    return answer({
      messages: chats.chat(customer.id),
      typing: live.isTyping(customer.id),
      heldByMetaAgent: deps.metaAgent.holds(customer),
    });
  });
  app.get("/simulator/customers/:customer/events", async (context) =>
    answer(await recordings.of(customerOf(context), From.parse(context.req.query()).from)),
  );
  app.post("/simulator/customers/:customer/actions", small, async (context) =>
    answer(customers.act(customerOf(context), Action.parse(await context.req.json()))),
  );
  app.post("/simulator/customers/:customer/files", bodyLimit({ maxSize: mediaBytesMax }), async (context) => {
    const about = Upload.parse(context.req.query());
    return answer(
      customers.upload(customerOf(context), about, new Uint8Array(await context.req.arrayBuffer())),
    );
  });

  app.route("/simulator", faultRoutes({ ...deps, isCustomer: (id) => chats.customer(id) !== undefined }));
  app.route("/simulator", decisionRoutes({ ...deps, customerOf }));

  app.get("/simulator/media/:id", ({ req }) => {
    const about = media.about(req.param("id")) ?? missing("file");
    const isShown = /^(image|audio|video)\//.test(about.mimeType);
    return new Response(media.bytes(about.id) ?? missing("file"), {
      headers: {
        // Only what the bytes themselves showed is shown; everything else is saved.
        "content-type": isShown ? about.mimeType : "application/octet-stream",
        "content-disposition": isShown
          ? "inline"
          : `attachment; filename*=UTF-8''${rfc5987(about.filename ?? "file")}`,
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, max-age=3600",
      },
    });
  });

  app.get("/simulator/live", (context) => {
    const { tab } = Tab.parse(context.req.query());
    return streamSSE(context, (stream) => tellChanges(stream, tab, live));
  });
  app.put("/simulator/tabs/:tab", small, async ({ req }) => {
    const { tab } = Tab.parse(req.param());
    const { customer: id } = Look.parse(await req.json());
    const customer = id === undefined ? undefined : (chats.customer(id) ?? missing("customer"));
    if (!live.look(tab, customer?.id)) return answer({ refused: "Connect to /simulator/live first." });
    if (customer) deps.opened(customer);
    return answer({ done: true });
  });

  const files = pageFiles();
  const file = (name: string): Response => {
    const { body, type } = files.get(name) ?? missing("file");
    return new Response(body, { headers: { "content-type": type, "cache-control": "no-cache" } });
  };
  const html = new TextDecoder().decode(files.get("index.html")?.body);
  const shown = deps.sendsElsewhere
    ? html.replace(
        "Nothing here is sent to WhatsApp.",
        "Answers are sent to HILO_GRAPH_URL, not to this page.",
      )
    : html;
  const headers = { "content-type": types["html"] ?? "", "cache-control": "no-cache" };
  app.get("/", () => new Response(shown, { headers }));
  app.get("/simulator/page/:name", ({ req }) => file(req.param("name")));

  app.onError((error) => {
    if (error instanceof Missing) return Response.json({ error: error.message }, { status: 404 });
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return Response.json(
        { error: error instanceof z.ZodError ? z.prettifyError(error) : "Malformed JSON." },
        { status: 400 },
      );
    throw error;
  });
  return app;
};

/** Until the page leaves or the simulator stops. What changes faster than the page reads is told once. */
const tellChanges = async (stream: SSEStreamingApi, tab: string, live: Live): Promise<void> => {
  const changes = new Set<string>();
  let wake = (): void => {};
  const disconnect = live.connect(tab, (change: Change) => {
    changes.add(JSON.stringify(change));
    wake();
  });
  const heartbeat = setInterval(() => void stream.write(": still here\n\n"), heartbeatMs);
  const stay = live.onStop(() => void stream.close().then(wake));
  stream.onAbort(() => wake());
  await stream.writeSSE({ event: "ready", data: "{}" });
  while (!stream.aborted && !stream.closed) {
    for (const data of changes) {
      changes.delete(data);
      await stream.writeSSE({ event: "change", data });
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  clearInterval(heartbeat);
  stay();
  disconnect();
};

class Missing extends Error {}

const missing = (what: string): never => {
  throw new Missing(`There is no such ${what}.`);
};

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ogg: "audio/ogg",
  pdf: "application/pdf",
};

/** Read once: the page is small. */
const pageFiles = (): Map<string, { body: Uint8Array<ArrayBuffer>; type: string }> => {
  const folder = new URL("page/", import.meta.url);
  const named = readdirSync(folder).map((name) => ({ name, type: types[name.split(".").at(-1) ?? ""] }));
  return new Map(
    named.flatMap(({ name, type }) =>
      type ? [[name, { body: new Uint8Array(readFileSync(new URL(name, folder))), type }] as const] : [],
    ),
  );
};

const rfc5987 = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
