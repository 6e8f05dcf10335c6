/** WhatsApp by Meta's Graph API. Sources: Cloud API, "Messages", "Media" and "Message history". */
import * as z from "zod";
import type { OutboundContent } from "../../events/conversation.ts";
import { limitedJson } from "../limited-body.ts";
import { classify, classifyFailure } from "./graph-errors.ts";
import { codePoints, fits, fitsUpload, limits } from "./limits.ts";
import { written } from "./outbound.ts";
import type { Recipient, SendOutcome, WhatsApp } from "./whatsapp.ts";

export type GraphOptions = {
  /** `https://graph.facebook.com`, or the simulator's. */
  url: string;
  /** Such as `v26.0`. */
  version: string;
  token: string;
  fetch?: typeof globalThis.fetch;
  timeoutMs?: number;
  /** For a file, which may have 100 MB. */
  uploadTimeoutMs?: number;
  /**
   * Whether message history holds every send, so that one that is not there was never made. The simulator's
   * does; of Meta's that is not known, so there it is no proof.
   */
  historyIsComplete?: boolean;
};

const timeoutMsDefault = 10_000;
const uploadTimeoutMsDefault = 60_000;
const responseBytesMax = 256 * 1024;

export const graphClient = (options: GraphOptions): WhatsApp => {
  const call = caller(options);
  return {
    async send({ phoneNumberId, to, content, sendRef }) {
      const refusal = refuseLocally(content, sendRef);
      if (refusal) return refusal;
      const answer = await call(`${segment(phoneNumberId)}/messages`, {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        ...addressed(to),
        ...written(content),
        biz_opaque_callback_data: sendRef,
      });
      return "failure" in answer ? classifyFailure(answer.failure) : outcomeOf(answer);
    },
    async findSent({ phoneNumberId, sendRef }) {
      const query = new URLSearchParams({ biz_opaque_callback_data: sendRef });
      const answer = await call(`${segment(phoneNumberId)}/message_history?${query.toString()}`);
      if ("failure" in answer) return { found: "unknown", reason: classifyFailure(answer.failure).reason };
      const history = History.safeParse(answer.body);
      if (answer.status !== 200 || !history.success)
        return { found: "unknown", reason: `http-${answer.status}` };
      const { data, paging } = history.data;
      const entry = data.find((sent) => sent.biz_opaque_callback_data === sendRef);
      if (entry) return { found: "sent", wamid: entry.id };
      if (!options.historyIsComplete) return { found: "unknown", reason: "history-is-no-proof" };
      return paging?.next === undefined ? { found: "absent" } : { found: "unknown", reason: "more-history" };
    },
    async upload({ phoneNumberId, bytes, mimeType, filename }) {
      const unfit = fitsUpload(mimeType, bytes.byteLength);
      if (unfit) return { refused: unfit };
      const form = new FormData();
      form.set("messaging_product", "whatsapp");
      form.set("type", mimeType);
      form.set("file", new Blob([bytes.slice()], { type: mimeType }), filename);
      const answer = await call(`${segment(phoneNumberId)}/media`, form);
      if ("failure" in answer) return { refused: classifyFailure(answer.failure).reason };
      const uploaded = Uploaded.safeParse(answer.body);
      if (answer.status === 200 && uploaded.success) return { mediaId: uploaded.data.id };
      return { refused: refusalOf(answer).reason };
    },
    async showTyping({ phoneNumberId, wamid }) {
      const answer = await call(`${segment(phoneNumberId)}/messages`, {
        messaging_product: "whatsapp",
        status: "read",
        message_id: wamid,
        typing_indicator: { type: "text" },
      });
      return "status" in answer && answer.status === 200;
    },
  };
};

const refuseLocally = (content: OutboundContent, sendRef: string): SendOutcome | undefined => {
  const reason = fits(content) ?? (codePoints(sendRef) > limits.sendRef ? "send-ref-too-long" : undefined);
  return reason === undefined ? undefined : { outcome: "refused", retry: "never", reason };
};

/** A user id has a field of its own: in `to` it would be taken for a phone. */
const addressed = (to: Recipient) => ("phone" in to ? { to: to.phone } : { recipient: to.userId });

const Sent = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const Uploaded = z.object({ id: z.string().min(1) });
/** What is not as documented counts as absent: the code alone says most. */
const Failed = z.object({
  error: z.object({
    code: z.int(),
    error_subcode: z.int().optional().catch(undefined),
    is_transient: z.boolean().optional().catch(undefined),
    error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
  }),
});
const History = z.object({
  data: z.array(z.object({ id: z.string().min(1), biz_opaque_callback_data: z.string().optional() })),
  paging: z.object({ next: z.unknown() }).optional(),
});

const outcomeOf = (answer: Answer): SendOutcome => {
  const sent = Sent.safeParse(answer.body).data?.messages[0];
  return answer.status === 200 && sent ? { outcome: "sent", wamid: sent.id } : refusalOf(answer);
};

const refusalOf = ({ status, body }: Answer): Exclude<SendOutcome, { outcome: "sent" }> => {
  const error = Failed.safeParse(body).data?.error;
  if (!error)
    return status === 200 ? { outcome: "uncertain", reason: "unreadable-answer" } : classify(status);
  return classify(status, {
    code: error.code,
    subcode: error.error_subcode,
    details: error.error_data?.details,
    isTransient: error.is_transient,
  });
};

type Answer = { status: number; body: unknown };
type Call = (path: string, body?: object | FormData) => Promise<Answer | { failure: unknown }>;

/** One request, never repeated, never redirected. Never throws. */
const caller = ({
  url,
  version,
  token,
  // Looked up when it is called: Node loads its HTTP client at the first look, in 10 ms of a cold start.
  fetch = (...request) => globalThis.fetch(...request),
  timeoutMs = timeoutMsDefault,
  uploadTimeoutMs = uploadTimeoutMsDefault,
}: GraphOptions): Call => {
  const base = `${url.replace(/\/$/, "")}/${version}`;
  return async (path, body) => {
    try {
      const response = await fetch(`${base}/${path}`, {
        method: body ? "POST" : "GET",
        redirect: "manual",
        ...withBody(body, `Bearer ${token}`),
        signal: AbortSignal.timeout(body instanceof FormData ? uploadTimeoutMs : timeoutMs),
      });
      return { status: response.status, body: await limitedJson(response, responseBytesMax) };
    } catch (failure) {
      return { failure };
    }
  };
};

/** Of a form, fetch itself writes the type, which says where its parts end. */
const withBody = (body: object | undefined, authorization: string): RequestInit => {
  if (!body) return { headers: { authorization } };
  if (body instanceof FormData) return { headers: { authorization }, body };
  return { headers: { authorization, "content-type": "application/json" }, body: JSON.stringify(body) };
};

/** An id as one step of a path. */
const segment = (id: string): string => encodeURIComponent(id);
