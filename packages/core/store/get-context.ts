import type { Cache } from "../clients/cache.ts";
import { subjectOf } from "../events/stream.ts";
import { context, contextFold, type Context } from "../views/context.ts";
import { foldInto } from "../views/view.ts";
import { openItem, type ProjectDeps } from "./project.ts";
import { readConversation } from "./read-conversation.ts";
import { withinBudget } from "./within-budget.ts";

export type ContextDeps = ProjectDeps & { cache?: Cache };

/** How long a context stays in the cache: an hour, as conversations pause. */
export const cachedForMs = 3_600_000;
/** A cached context that is further behind than this is no better than the view's. */
export const cachedBehindMax = 50;

/**
 * A conversation's context at or past a version (D11): what the cache or the view holds, and whatever events it
 * still lacks folded onto it. The log is not read when that has reached `atLeastVersion`; without one, the answer
 * is the newest there is. With a budget, only what fits in so many tokens, most valuable first. The same history
 * always gives the same context. Empty when nothing was said, or the person is erased.
 */
export const getContext = async (
  deps: ContextDeps,
  stream: string,
  atLeastVersion = Number.POSITIVE_INFINITY,
  tokenBudget?: number,
): Promise<Context> => {
  const known = await nearest(deps, stream, atLeastVersion);
  const whole = known && known.version >= atLeastVersion ? known : await upToDate(deps, stream, known);
  return withinBudget(whole, tokenBudget);
};

/** Folded already, though perhaps not far enough. Cached, it may be of any age, but never wrong: a version is for ever. */
const nearest = async (
  deps: ContextDeps,
  stream: string,
  atLeastVersion: number,
): Promise<Context | undefined> => {
  const cached = await readCache(deps, stream);
  if (cached && cached.version + cachedBehindMax >= atLeastVersion) return cached;
  const viewed = await readView(deps, stream);
  if (cached && (!viewed || viewed.version <= cached.version)) return cached;
  if (viewed) await writeCache(deps, stream, viewed);
  return viewed;
};

const readView = async ({ store, views }: ContextDeps, stream: string): Promise<Context | undefined> => {
  const [stored] = await views.items(await views.current(context.name), stream, [key]);
  return stored && openItem({ store }, context, stream, stored);
};

const upToDate = async (deps: ContextDeps, stream: string, known: Context | undefined): Promise<Context> => {
  const items = new Map(known && [[key, known]]);
  let version = known?.version ?? 0;
  for await (const events of readConversation(deps.store, stream, { from: version + 1 })) {
    foldInto(context, items, events);
    version = events.at(-1)?.version ?? version;
  }
  const folded = items.get(key);
  if (!folded) return emptyContext(version);
  const found = { ...folded, version };
  if (version !== known?.version) await writeCache(deps, stream, found);
  return found;
};

const readCache = async ({ cache, store }: ContextDeps, stream: string): Promise<Context | undefined> => {
  const sealed = await cache?.get(cacheKey(stream));
  // of other keys, of another program, or damaged: as good as not there
  const opened =
    sealed && (await store.codec.open(subjectOf(stream), sealed, cacheKey(stream)).catch(() => undefined));
  return context.item.safeParse(opened).data;
};

const writeCache = async ({ cache, store }: ContextDeps, stream: string, value: Context): Promise<void> => {
  const sealed = cache && (await store.codec.seal(subjectOf(stream), value, cacheKey(stream)));
  if (sealed) await cache.set(cacheKey(stream), sealed, cachedForMs);
};

const cacheKey = (stream: string): string => `${contextFold}/${stream}`;

export const emptyContext = (version: number): Context => ({ version, turns: [] });

/** The only item that this view has of a conversation. */
const key = "context";
