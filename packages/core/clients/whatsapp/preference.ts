/**
 * One item of `user_preferences`: a customer who stops marketing messages, or wants them again. Source: Cloud
 * API webhooks reference, "user_preferences" (21 May 2026).
 */
import * as z from "zod";
import { accountUpdate, malformed, type Context } from "./context.ts";
import { label } from "./fields.ts";
import { isRecord, type Json } from "./json.ts";
import { contactFields } from "./sender.ts";
import type { MessageEvent, Update } from "./update.ts";

const Preference = z.object({
  category: z.literal("marketing_messages"),
  /** `signup` is not documented: by a link that invites to marketing. */
  value: z.enum(["stop", "resume", "signup"]),
});

/** A preference that is not about marketing, or that this version doesn't know, is news of the account. */
export const readPreference = (item: unknown, context: Context): Update => {
  if (!isRecord(item)) return malformed(context, item);
  const sender = context.people.find(item, contactFields);
  const { data } = Preference.safeParse(item);
  if (!data) return accountUpdate(context, item, item, sender);
  if (!sender) return malformed(context, item);
  return { ...context.place, kind: "message", sender, event: marked(item, data.value, context) };
};

const marked = (item: Json, value: "stop" | "resume" | "signup", { ids, place }: Context): MessageEvent => {
  // It has no id of its own. Of a customer with two of our numbers, each hears of it.
  const { wa_id, user_id, parent_user_id, timestamp } = item;
  const names = [wa_id, user_id, parent_user_id].map((name) => label.safeParse(name).data);
  const identity = JSON.stringify([place.phoneNumberId, names, value, timestamp]);
  return {
    type: "ContactMarked",
    data: {
      messageId: ids.messageId(`user_preferences#${identity}`),
      digest: ids.digest(item),
      as: value === "stop" ? "opted-out" : "opted-in",
    },
  };
};
