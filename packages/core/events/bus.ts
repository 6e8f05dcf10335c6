/** The shape of an event on the bus: EventBridge's envelope with ours in `detail`. Personal data stays encrypted. */
import * as z from "zod";

export const BusDetail = z.object({
  /** `<stream>@<version>`: the same for every delivery of the same event. */
  id: z.string(),
  stream: z.string(),
  version: z.int().positive(),
  at: z.string(),
  subject: z.string(),
  commitId: z.string(),
  causationId: z.string().optional(),
  schemaVersion: z.int().positive(),
  data: z.record(z.string(), z.unknown()),
});
export type BusDetail = z.infer<typeof BusDetail>;

export const BusEvent = z.object({
  source: z.literal("hilo"),
  "detail-type": z.string(),
  time: z.string(),
  detail: BusDetail,
});
export type BusEvent = z.infer<typeof BusEvent>;
