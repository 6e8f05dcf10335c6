import { context } from "./context.ts";
import { costs } from "./costs.ts";
import { parkedSends } from "./parked-sends.ts";
import { conversationList } from "./conversation-list.ts";
import { transcript } from "./transcript.ts";
import type { View } from "./view.ts";

/** Every view, for what is done to all of them: rebuilding, auditing, erasing. */
export const views: readonly View<unknown>[] = [
  conversationList,
  transcript,
  context,
  parkedSends,
  costs,
] as View<unknown>[];
