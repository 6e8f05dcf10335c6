import { context, type Context } from "../views/context.ts";
import { foldInto } from "../views/view.ts";
import { openItem, type ProjectDeps } from "./project.ts";
import { readConversation } from "./read-conversation.ts";

/**
 * A conversation's context at or past a version (D11): what the view holds, and whatever events it still
 * lacks folded onto it. The log is not read when the view has reached `atLeastVersion`; without one, the
 * answer is the newest there is. Empty when nothing was said, or the person is erased.
 */
export const getContext = async (
  { store, views }: ProjectDeps,
  stream: string,
  atLeastVersion = Number.POSITIVE_INFINITY,
): Promise<Context> => {
  const [stored] = await views.items(await views.current(context.name), stream, [key]);
  const known = stored && (await openItem({ store }, context, stream, stored));
  if (known && known.version >= atLeastVersion) return known;
  const items = new Map(known && [[key, known]]);
  let version = known?.version ?? 0;
  for await (const events of readConversation(store, stream, { from: version + 1 })) {
    foldInto(context, items, events);
    version = events.at(-1)?.version ?? version;
  }
  return items.get(key) ?? emptyContext(version);
};

export const emptyContext = (version: number): Context => ({ version, turns: [] });

/** The only item that this view has of a conversation. */
const key = "context";
