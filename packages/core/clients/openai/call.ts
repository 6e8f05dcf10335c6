import * as z from "zod";
import { limitedJson } from "../limited-body.ts";
import { type Declined, ModelFault } from "../model.ts";

export type OpenAiOptions = {
  /** Up to and without `/chat/completions`, such as `http://localhost:11434/v1`. */
  url: string;
  /** The model's, as that endpoint calls it. */
  name: string;
  /** Empty where none is wanted. */
  apiKey?: string;
  fetch?: typeof globalThis.fetch;
};

export type Asked = Record<string, unknown>;
type Answered = { body: unknown } | { declined: Declined["declined"] };

const responseBytesMax = 1024 * 1024;

/** One request, never repeated, never redirected: a redirect would take the key along. Throws `ModelFault`s only. */
export const caller = ({ url, apiKey = "", fetch = globalThis.fetch }: OpenAiOptions) => {
  const endpoint = `${url.replace(/\/$/, "")}/chat/completions`;
  const { host } = new URL(url);
  return async (asked: Asked, signal: AbortSignal): Promise<Answered> => {
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        redirect: "error",
        headers: {
          "content-type": "application/json",
          ...(apiKey !== "" && { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify(asked),
        signal,
      });
      const body = await limitedJson(response, responseBytesMax);
      return response.ok ? { body } : refusalOf(response.status, body, host);
    } catch (cause) {
      if (cause instanceof ModelFault) throw cause;
      if (signal.aborted)
        throw new ModelFault("timeout", "later", `${host} did not answer in time`, { cause });
      throw new ModelFault("unavailable", "later", `${host} can't be reached (HILO_MODEL_URL)`, { cause });
    }
  };
};

const Refusal = z.object({
  error: z.object({ code: z.string().nullish(), message: z.string().default("") }),
});

/** A refusal that says so itself is told from one of ours. */
const refusalOf = (status: number, body: unknown, host: string): Answered => {
  const { code, message = "" } = Refusal.safeParse(body).data?.error ?? {};
  if (code === "context_length_exceeded" || /context (?:length|window|size)/i.test(message))
    return { declined: "too-long" };
  if (code === "content_filter") return { declined: "refused" };
  throw faultOf(status, host);
};

const faultOf = (status: number, host: string): ModelFault => {
  const said = `${host} answers ${status}`;
  if (status === 429) return new ModelFault("throttled", "later", said);
  if (status === 408 || status === 504) return new ModelFault("timeout", "later", said);
  if (status >= 500) return new ModelFault("unavailable", "later", said);
  const hint = status === 401 || status === 403 ? "HILO_MODEL_API_KEY" : "HILO_MODEL_URL, HILO_MODEL_NAME";
  return new ModelFault("invalid", "never", `${said}: see ${hint}`);
};
