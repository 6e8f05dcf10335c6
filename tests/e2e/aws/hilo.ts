/** Hilo from outside, as those see it who may: Meta, and whoever has a key of the API. */
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import * as z from "zod";
import { sign } from "#core/clients/whatsapp/signature.ts";
import { post, textWebhook, type Said } from "../webhooks.ts";

const Conversation = z.object({
  id: z.string(),
  contactId: z.string(),
  /** Nothing of who was erased. */
  contact: z.object({ phone: z.string().default("") }).default({ phone: "" }),
  state: z.string(),
  received: z.int(),
  sent: z.int(),
});
export type Conversation = z.infer<typeof Conversation>;

const Page = z.object({ items: z.array(Conversation), next: z.string().optional() });

const Messages = z.object({
  items: z.array(
    z.object({
      from: z.string(),
      content: z.object({ text: z.string() }),
      status: z.string().optional(),
    }),
  ),
});

const { url, keys, appSecret } = inject("emulated");

/** The status of the answer. */
export const receive = (...said: Said[]): Promise<number | undefined> => {
  const body = textWebhook(...said);
  return post(url, body, sign(Buffer.from(body), appSecret));
};

/** Asks the API with a key; with a body, it tells it what to do. */
export const ask = (
  path: string,
  key: string = keys.reader,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });

const json = async (path: string): Promise<unknown> => {
  const response = await ask(path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
};

/** Of these phones, by the list of conversations. */
export const conversationsOf = async (phones: readonly string[]): Promise<Conversation[]> => {
  const found: Conversation[] = [];
  let query = "limit=100";
  for (;;) {
    const { items, next } = Page.parse(await json(`/conversations?${query}`));
    found.push(...items.filter(({ contact }) => phones.includes(contact.phone)));
    if (!next) return found;
    query = `limit=100&cursor=${encodeURIComponent(next)}`;
  }
};

/** By the transcript: who said what, and how far it came. */
export const messagesOf = async (conversation: string) =>
  Messages.parse(await json(`/conversations/${conversation}/messages`)).items.map(
    ({ from, content, status }) => ({ from, text: content.text, ...(status && { status }) }),
  );

/** What is looked for, once it is there. Throws when it takes too long, with what was there last. */
export const eventually = async <Found>(
  look: () => Promise<Found>,
  isThere: (found: Found) => boolean,
  timeoutMs = 60_000,
): Promise<Found> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (isThere(found)) return found;
    if (Date.now() > deadline) throw new Error(`it never came: ${JSON.stringify(found)}`);
    await sleep(300);
  }
};

/** The conversations of these phones, once each has had its answers. */
export const answered = (phones: readonly string[], count = 1): Promise<Conversation[]> =>
  eventually(
    () => conversationsOf(phones),
    (all) => all.length === phones.length && all.every(({ sent }) => sent === count),
  );

export const takeOver = (conversation: Conversation | undefined, key = keys.writer): Promise<Response> =>
  ask(`/conversations/${conversation?.id}/take-over`, key, { by: "ana" });

let customers = 0;

/** Phones that no other test has. */
export const newPhones = (count: number): string[] =>
  Array.from({ length: count }, () => `34${process.pid % 10_000}${String(++customers).padStart(7, "0")}`);
