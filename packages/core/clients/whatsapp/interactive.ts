/** Answers to what the business offered: buttons, lists, forms, a request to call. */
import * as z from "zod";
import { label, maybe, prose } from "./fields.ts";
import { cut, rawMax } from "./json.ts";
import { read, type Reader } from "./reader.ts";

const chosen = z.object({ id: prose, title: prose, description: maybe(prose) });
const buttonReply = z.object({
  type: z.literal("button_reply"),
  button_reply: chosen.omit({ description: true }),
});
const listReply = z.object({ type: z.literal("list_reply"), list_reply: chosen });
const flowReply = z.object({
  type: z.literal("nfm_reply"),
  nfm_reply: z.object({
    name: maybe(label),
    body: maybe(prose),
    response_json: z.string().transform((json) => cut(json, rawMax)),
  }),
});
const callPermissionReply = z.object({
  type: z.literal("call_permission_reply"),
  call_permission_reply: z.object({ response: label }),
});

const readers: readonly Reader[] = [
  read("interactive", buttonReply, ({ button_reply: { id, title } }) => ({
    type: "button-reply",
    id,
    title,
  })),
  read("interactive", listReply, ({ list_reply }) => ({ type: "list-reply", ...list_reply })),
  read("interactive", flowReply, ({ nfm_reply: { name, body, response_json } }) => ({
    type: "flow-reply",
    name,
    body,
    response: response_json,
  })),
  read("interactive", callPermissionReply, ({ call_permission_reply: { response } }) => ({
    type: "call-permission-reply",
    response,
  })),
];

export const readInteractive: Reader = (message) => {
  for (const reader of readers) {
    const reading = reader(message);
    if (reading) return reading;
  }
  return undefined;
};
