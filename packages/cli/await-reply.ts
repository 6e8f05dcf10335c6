/** What became of a message, as the query API tells it. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { Api } from "./api.ts";

const Conversations = z.object({
  items: z.array(z.object({ id: z.string(), state: z.string(), version: z.int() })),
});

const Choice = z.looseObject({ title: z.string() });

const Events = z.object({
  items: z.array(
    z.object({
      type: z.string(),
      version: z.int(),
      data: z.looseObject({
        wamid: z.string().optional(),
        noReply: z.string().optional(),
        sendId: z.string().optional(),
        answers: z.array(z.int()).optional(),
        content: z
          .looseObject({
            text: z.string().optional(),
            buttons: z.array(Choice).optional(),
            rows: z.array(Choice).optional(),
          })
          .optional(),
        reason: z.string().optional(),
      }),
    }),
  ),
});
type Event = z.infer<typeof Events>["items"][number];

export type Place = { conversation: string; version: number };

/** `reply` is what the bot answered, `choices` what can be tapped below it; `silent` is why it will not answer. */
export type Outcome = { reply: string; choices?: string[]; failed?: string } | { silent: string };

const everyMs = 150;
const conversationsSearched = 20;
const eventsSearched = 50;

/** Asks again until there is an answer; undefined when there is none by `untilMs`. */
export const poll = async <Value>(
  untilMs: number,
  look: () => Promise<Value | undefined>,
): Promise<Value | undefined> => {
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() >= untilMs) return found;
    await sleep(everyMs);
  }
};

/** Where the message with this `wamid` was recorded, among the newest. */
export const findMessage = async (api: Api, wamid: string): Promise<Place | undefined> => {
  const page = await api.get(`/conversations?limit=${conversationsSearched}`, Conversations);
  for (const { id, version } of page?.items ?? []) {
    const events = await eventsFrom(api, id, Math.max(1, version - eventsSearched));
    const message = events.find((event) => event.type === "MessageReceived" && event.data.wamid === wamid);
    if (message) return { conversation: id, version: message.version };
  }
  return undefined;
};

export const findOutcome = async (
  api: Api,
  { conversation, version }: Place,
): Promise<Outcome | undefined> => {
  // Before the events: whoever asks for a person has answered first.
  const current = await api.get(`/conversations/${conversation}`, Conversations.shape.items.element);
  const events = await eventsFrom(api, conversation, version);
  const noReply = events[0]?.data.noReply;
  if (noReply) return { silent: noReply };
  const generated = events.find(
    ({ type, data }) => type === "ReplyGenerated" && data.answers?.includes(version),
  );
  if (generated) return sent(events, generated.data.sendId);
  if (events.some(({ data }) => data.reason === "budget-spent")) return spent(events);
  const held = current && current.version >= version && current.state !== "bot";
  return held ? { silent: "a person has the conversation" } : undefined;
};

const sent = (events: readonly Event[], sendId: string | undefined): Outcome | undefined => {
  const ours = events.filter(({ data }) => data.sendId === sendId);
  const content = ours.find(({ type }) => type === "SendRequested")?.data.content;
  const choices = (content?.buttons ?? content?.rows)?.map(({ title }) => title);
  const said = { reply: content?.text ?? "", ...(choices && { choices }) };
  if (ours.some(({ type }) => type === "MessageSent")) return said;
  const failure = ours.find(({ type }) => type === "SendFailed" || type === "SendParked");
  return failure && { ...said, failed: failure.data.reason ?? "parked" };
};

/** It is said once a day, and from then on nothing is. */
const spent = (events: readonly Event[]): Outcome | undefined => {
  const withheld = events.findIndex(({ data }) => data.reason === "budget-spent");
  const notice = events[withheld + 1];
  return notice?.type === "SendRequested"
    ? sent(events, notice.data.sendId)
    : { silent: "what may be spent today is spent" };
};

const eventsFrom = async (api: Api, conversation: string, from: number): Promise<Event[]> =>
  (await api.get(`/conversations/${conversation}/events?limit=200&from=${from}`, Events))?.items ?? [];
