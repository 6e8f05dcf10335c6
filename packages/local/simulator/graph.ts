/** Meta's side of the wire: the part of the Graph API that Hilo calls. Any number is the business's. */
import { setTimeout } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { faultHeader, type FaultName, namedFaults } from "./faults.ts";
import type { Fate, FaultSwitches } from "./fault-switches.ts";
import { type GraphError, refusal } from "./graph-errors.ts";
import { graphMedia } from "./graph-media.ts";
import { parseSend, ReadRequest } from "./graph-request.ts";
import { accept, composed, recipient, type SendDeps } from "./graph-send.ts";
import type { Limits } from "./limits.ts";

type Deps = SendDeps & { faults: FaultSwitches; limits: Limits; graphToken: string };
type Env = { Bindings: Partial<HttpBindings>; Variables: { faults: FaultName[] } };

const requestBytesMax = 1024 * 1024;
/** Longer than any client waits. */
const silenceMs = 60_000;

export const graph = (deps: Deps): Hono<Env> => {
  const { chats, live, limits, faults, newId } = deps;
  const app = new Hono<Env>();
  const refuse = (error: GraphError): Response => refusal(error, newId());

  app.use(async (context, next) => {
    const { req } = context;
    if (req.header("authorization") !== `Bearer ${deps.graphToken}`)
      return refuse({ code: 190, details: "The access token is missing or wrong" });
    const named = namedFaults(req.header(faultHeader));
    if ("unknown" in named)
      return refuse({ code: 100, details: `The simulator has no fault "${named.unknown}"` });
    context.set("faults", named);
    return next();
  });

  app.post("/:version/:phoneNumberId/messages", bodyLimit({ maxSize: requestBytesMax }), async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const receipt = ReadRequest.safeParse(body);
    if (receipt.success) return markRead(receipt.data);
    const parsed = parseSend(body);
    if ("refused" in parsed) return refuse(parsed.refused);
    const { request } = parsed;
    if (chats.isDenied(request.biz_opaque_callback_data ?? ""))
      return refuse({ code: 131008, details: "History has already said that this was never sent" });
    const content = composed(deps, request, parsed.content);
    if ("refused" in content) return refuse(content.refused);
    const { address, customer } = recipient(chats, request);
    const phoneNumberId = context.req.param("phoneNumberId");
    const fate = faults.befall(customer?.id, context.get("faults"));
    const refused = fate.refused ?? limits.admit(phoneNumberId, address);
    if (refused !== undefined) return answered(context, fate, refuse({ code: refused }));
    const message = accept(deps, phoneNumberId, request, content, fate);
    if (customer) live.stopTyping(customer.id);
    live.publish({ type: "chat", customer: message.customer });
    const contact = request.to ? { input: request.to, wa_id: address } : { input: address, user_id: address };
    return answered(
      context,
      fate,
      Response.json({
        messaging_product: "whatsapp",
        contacts: [contact],
        messages: [{ id: message.wamid, message_status: "accepted" }],
      }),
    );
  });

  const markRead = ({ message_id: wamid, typing_indicator: typing }: ReadRequest): Response => {
    const message = chats.message(wamid);
    if (message?.from !== "customer") return refuse({ code: 131009, details: "message_id is unknown" });
    chats.readUpTo(message);
    if (typing) live.startTyping(message.customer);
    live.publish({ type: "chat", customer: message.customer });
    return Response.json({ success: true });
  };

  app.get("/:version/:phoneNumberId/message_history", async (context) => {
    const callbackData = context.req.query("biz_opaque_callback_data");
    if (callbackData === undefined)
      return refuse({ code: 131008, details: "biz_opaque_callback_data is required by the simulator" });
    const found = chats.sentWith(callbackData);
    if (faults.isHistorySilent(found[0]?.customer, context.get("faults"))) return silence(context);
    if (found.length === 0) chats.deny(callbackData);
    return context.json({
      data: found.map(({ wamid }) => ({ id: wamid, biz_opaque_callback_data: callbackData })),
    });
  });

  /** The answer, as the fate of the send lets it through. */
  const answered = async (
    context: Context<Env>,
    { answer, delayMs }: Fate,
    response: Response,
  ): Promise<Response> => {
    if (delayMs > 0) await pause(context, delayMs);
    if (answer === "silence") return silence(context);
    if (answer === "broken-off") return brokenOff(context);
    return answer === undefined || !response.ok ? response : refuse({ code: answer });
  };
  const silence = async (context: Context<Env>): Promise<Response> => {
    await pause(context, silenceMs);
    return brokenOff(context);
  };
  /** Ends early when the caller has gone or the simulator stops. */
  const pause = async ({ req }: Context<Env>, ms: number): Promise<void> => {
    const stopped = new AbortController();
    const stay = live.onStop(() => stopped.abort());
    const signal = AbortSignal.any([stopped.signal, req.raw.signal]);
    await setTimeout(ms, undefined, { signal }).catch(() => {});
    stay();
  };

  app.route("/", graphMedia(deps));
  app.all("*", ({ req }) =>
    refuse({ code: 100, details: `Object with ID '${req.path}' does not exist or cannot be loaded` }),
  );
  return app;
};

/** The connection ends without an answer; where there is no connection, the answer ends before its body. */
const brokenOff = ({ env }: Context<Env>): Response => {
  const { outgoing } = env ?? {};
  outgoing?.destroy();
  if (outgoing) return new Response(undefined, { headers: { "x-hono-already-sent": "true" } });
  return new Response(
    new ReadableStream({ pull: (controller) => controller.error(new Error("connection lost")) }),
  );
};
