/** What the routes of commands share: how large a body may be, who gives the command, and what is answered. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Conversation } from "#core/domain/conversation.ts";
import type { Refusal } from "#core/domain/decision.ts";
import type { Handled } from "#core/store/handle.ts";
import { ConversationState } from "#core/views/conversation-list.ts";
import { answer, problemAnswer, refusals } from "./describe.ts";
import { problem } from "./http.ts";

const bodyBytesMax = 16 * 1024;

/** Nothing larger is even read. */
export const limitBody = bodyLimit({
  maxSize: bodyBytesMax,
  onError: (c) => problem(c, "body-too-large"),
});

export const By = z
  .string()
  .regex(/^[A-Za-z0-9._@-]{1,64}$/, "expected 1 to 64 of A-Z, a-z, 0-9, '.', '_', '@' and '-'")
  .openapi({ description: "The operator who decides: an id of yours.", example: "ana" });

/** A body as a route takes it. */
export const json = <Schema extends z.ZodType>(schema: Schema, example: z.input<Schema>) => ({
  required: true,
  content: { "application/json": { schema, example } },
});

const Decided = z
  .object({
    version: z.int().openapi({ description: "That of the conversation's last event." }),
    state: ConversationState,
  })
  .openapi("Decided", { description: "How the conversation stands after a command." });

/** All that a command may answer. */
export const commandAnswers = {
  200: answer(Decided, "It is so: since now, or already.", { version: 12, state: "human" }),
  ...refusals,
  404: problemAnswer("unknown-conversation", "no-such-send"),
  409: problemAnswer("send-not-parked", "conversation-moved"),
  413: problemAnswer("body-too-large"),
};

export const answerDecided = (c: Context, { state, rejected }: Handled) => {
  if (rejected === undefined) return c.json({ version: state.version, state: holderOf(state) }, 200);
  const isGone = state.version === 0 || state.erased;
  return problem(c, isGone ? "unknown-conversation" : problemOf(rejected));
};

/** As the list of conversations has it. */
const holderOf = ({ movedTo, owner, heldBy }: Conversation): ConversationState => {
  if (movedTo !== undefined) return "moved";
  if (owner === "bot") return "bot";
  return heldBy === "nobody-yet" ? "needs-human" : "human";
};

const problemOf = (refusal: Refusal) => {
  switch (refusal) {
    case "no-such-send":
    case "send-not-parked":
    case "conversation-moved":
      return refusal;
    case "no-such-conversation":
    case "contact-erased":
      return "unknown-conversation";
    case "reply-in-progress":
    case "send-unsettled":
    case "earlier-send-under-way":
    case "context-changed":
      throw new TypeError(`${refusal} refuses no command of the API`);
  }
};
