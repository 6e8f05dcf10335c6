/**
 * Facts that belong to no conversation: each has a stream of its own, named by its keyed hash, so that
 * the same update can't be kept twice. The names here are the storage format.
 */
import * as z from "zod";
import { pii } from "./pii.ts";

/** News of the account (template reviews, quality, calls, preferences …), as Meta sent it. */
export const AccountUpdateReceived = z.object({
  type: z.literal("AccountUpdateReceived"),
  data: z.object({
    field: z.string(),
    businessAccountId: z.string(),
    raw: pii(z.string()),
  }),
});

/** An update that could not be placed: kept whole, shown to an operator, never acted upon. */
export const UpdateQuarantined = z.object({
  type: z.literal("UpdateQuarantined"),
  data: z.object({
    reason: z.enum(["malformed", "foreign-number", "unmatched-status", "id-reused", "unknown-sender"]),
    field: z.string(),
    businessAccountId: z.string(),
    raw: pii(z.string()),
  }),
});

export const UpdateEvent = z.discriminatedUnion("type", [AccountUpdateReceived, UpdateQuarantined]);
export type UpdateEvent = z.infer<typeof UpdateEvent>;
