import { parseConversationStream } from "#core/events/stream.ts";
import { conversationsOf } from "#core/store/conversations.ts";
import { load } from "#core/store/handle.ts";
import type { Stores } from "#local/stores.ts";
import { Failure, UsageError } from "./errors.ts";
import { resolveContact } from "./resolve-contact.ts";

/** A conversation's id, given that or its contact. Throws `Failure` when there is none, or more than one. */
export const findConversation = async (stores: Stores, text: string): Promise<string> => {
  if (parseConversationStream(text)) {
    if ((await stores.store.log.head(text)) > 0) return text;
    throw new Failure(`there is no conversation ${text}: hilo conversations lists those there are`);
  }
  if (text.startsWith("conversation-")) throw new UsageError(`"${text}" is not the id of a conversation`);
  const streams = await conversationsOf(stores.store.log, await resolveContact(stores, text));
  const open = streams.length > 1 ? await withoutMoved(stores, streams) : streams;
  const [only, ...others] = open;
  if (only === undefined) throw new Failure(`${text} has no conversation here`);
  if (others.length > 0) throw new Failure(`${text} has several conversations, name one: ${open.join(", ")}`);
  return only;
};

const withoutMoved = async ({ store }: Stores, streams: readonly string[]): Promise<string[]> => {
  const loaded = await Promise.all(streams.map((stream) => load(store, stream)));
  return streams.filter((_, index) => loaded[index]?.state.movedTo === undefined);
};
