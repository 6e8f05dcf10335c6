/** What a person at the business decides, on the right side of the page. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { answer } from "./answer.ts";
import type { Recordings } from "./recordings.ts";
import type { Customer } from "./shapes.ts";

/** Those that there are. */
export type Decisions = {
  resolveSend?: (stream: string, sendId: string, how: "resend" | "drop") => Promise<void>;
  resumeBot?: (stream: string) => Promise<void>;
  takeOver?: (stream: string) => Promise<void>;
};

export const decisionsIn = ({ resolveSend, resumeBot, takeOver }: Decisions): Decisions => ({
  ...(resolveSend && { resolveSend }),
  ...(resumeBot && { resumeBot }),
  ...(takeOver && { takeOver }),
});

type Deps = {
  decisions: Decisions;
  recordings: Recordings;
  customerOf: (context: Context) => Customer;
};

const bytesMax = 4 * 1024;
const Resolution = z.object({ how: z.enum(["resend", "drop"]) });
const Ownership = z.object({ owner: z.enum(["bot", "person"]) });
const notHere = { refused: "That can't be done from here." };

export const decisionRoutes = ({ decisions, recordings, customerOf }: Deps): Hono => {
  const { resolveSend, resumeBot, takeOver } = decisions;
  const app = new Hono();
  const small = bodyLimit({ maxSize: bytesMax });
  const decided = async (
    customer: Customer,
    decide: ((stream: string) => Promise<void>) | undefined,
  ): Promise<Response> => {
    const stream = await recordings.streamOf(customer);
    if (!decide || !stream) return answer(notHere);
    try {
      await decide(stream);
      return answer({ done: true });
    } catch (error) {
      return answer({ refused: error instanceof Error ? error.message : "Hilo could not do that." });
    }
  };

  app.post("/customers/:customer/sends/:sendId", small, async (context) => {
    const { how } = Resolution.parse(await context.req.json());
    const sendId = context.req.param("sendId");
    return decided(customerOf(context), resolveSend && ((stream) => resolveSend(stream, sendId, how)));
  });
  app.put("/customers/:customer/owner", small, async (context) => {
    const { owner } = Ownership.parse(await context.req.json());
    return decided(customerOf(context), owner === "bot" ? resumeBot : takeOver);
  });
  return app;
};
