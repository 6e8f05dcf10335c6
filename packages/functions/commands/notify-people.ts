/** Tells people that a conversation waits for one of them: once, but for what is told and not recorded in a crash. */
import type { Notification, Notifier } from "#core/clients/notifier.ts";
import { decideNotified, untold } from "#core/domain/notify.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import { eachEvent, type EachEventDeps, type QueueHandler } from "#functions/shared/each-event.ts";
import { describeError } from "#functions/shared/log.ts";

export type NotifyPeopleDeps = HandleDeps &
  EachEventDeps & {
    /** Every one is tried, whatever becomes of the others. */
    notifiers: readonly Notifier[];
    /** Where a conversation can be looked at, `{id}` standing for its id; empty for nowhere. */
    link: string;
  };

/** Nobody could be told: it is tried again. */
export class NobodyTold extends Error {
  override name = "NobodyTold";
}

export const notifyPeople = (deps: NotifyPeopleDeps): QueueHandler =>
  eachEvent(deps, async ({ detail: { stream, version, id } }) => {
    const { state } = await load(deps.store, stream);
    const waiting = untold(state, version);
    if (!waiting) return;
    const { channels, failed } = await tell(deps, notification(deps, stream, id, waiting.because));
    if (channels.length === 0) throw new NobodyTold("no notifier worked");
    await handle(deps, stream, (now) => decideNotified(now, { of: version, channels, failed }), id);
    deps.log("info", "people notified", { stream, reason: waiting.because, count: channels.length });
  });

const tell = async (
  { notifiers, log }: NotifyPeopleDeps,
  news: Notification,
): Promise<{ channels: string[]; failed: string[] }> => {
  const outcomes = await Promise.allSettled(notifiers.map((notifier) => notifier.notify(news)));
  const [channels, failed]: [string[], string[]] = [[], []];
  for (const [index, { channel }] of notifiers.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === "fulfilled") channels.push(channel);
    else failed.push(channel);
    if (outcome?.status === "rejected")
      log("error", "a notifier failed", { channel, error: describeError(outcome.reason) });
  }
  return { channels, failed };
};

type Because = EventOf<"PeopleNotified">["data"]["because"];

const words: Record<Because, { subject: string; text: (stream: string) => string }> = {
  "human-requested": {
    subject: "A conversation waits for a person",
    text: (stream) => `The bot can't go on, and says nothing more, in ${stream}.`,
  },
  "send-parked": {
    subject: "A message waits for a decision",
    text: (stream) => `Nobody knows whether it was sent: send it again, or drop it, in ${stream}.`,
  },
};

const notification = (
  { link }: NotifyPeopleDeps,
  stream: string,
  dedupeKey: string,
  because: Because,
): Notification => ({
  subject: words[because].subject,
  text: words[because].text(stream),
  conversationId: stream,
  ...(link !== "" && { link: link.replaceAll("{id}", stream) }),
  dedupeKey,
});
