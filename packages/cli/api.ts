/** The running Hilo, over HTTP. Failures say what to do about them. */
import type { z } from "zod";
import { sign } from "#core/clients/whatsapp/signature.ts";
import { Failure } from "./errors.ts";

export type Api = {
  /** Delivers a webhook, signed. Resolves once Hilo has it in its store. */
  deliver(body: Uint8Array, appSecret: string): Promise<void>;
  /** Asks the query API. Undefined where there is no such thing (yet). */
  get<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined>;
};

const answerMsMax = 10_000;

export const api = (url: string, apiKey: string): Api => ({
  async deliver(body, appSecret) {
    const headers = { "content-type": "application/json", "x-hub-signature-256": sign(body, appSecret) };
    const { status } = await ask(url, "/webhook", { method: "POST", headers, body: Buffer.from(body) });
    if (status === 401)
      throw new Failure(`Hilo at ${url} refuses the signature: it runs with another HILO_APP_SECRET`);
    if (status !== 200)
      throw new Failure(`Hilo at ${url} did not take the message (status ${status}): its log says why`);
  },

  async get(path, schema) {
    const response = await ask(url, path, { headers: { authorization: `Bearer ${apiKey}` } });
    if (response.status === 401)
      throw new Failure(`Hilo at ${url} refuses the API key: it runs with another HILO_API_KEY`);
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new Failure(`Hilo at ${url} could not say (status ${response.status}): its log says why`);
    return schema.parse(await response.json());
  },
});

const ask = async (url: string, path: string, request: RequestInit): Promise<Response> => {
  try {
    return await fetch(new URL(path, url), { ...request, signal: AbortSignal.timeout(answerMsMax) });
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError")
      throw new Failure(`Hilo at ${url} does not answer: hilo doctor looks closer`, { cause: error });
    throw new Failure(`Hilo is not running at ${url}: start it with npm start, or name another with --url`, {
      cause: error,
    });
  }
};
