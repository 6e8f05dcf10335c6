import { project } from "#core/store/project.ts";
import { preview } from "#core/views/conversation-list.ts";
import { parkedSends, type ParkedSend } from "#core/views/parked-sends.ts";
import { resolveSend } from "#functions/commands/resolve-send.ts";
import { parkedPage } from "#functions/queries/parked-page.ts";
import type { Stores } from "#local/stores.ts";
import { Failure } from "./errors.ts";
import { escape } from "./output.ts";

const pageItems = 200;

/** Throws `Failure` when no such send is parked. */
export const findParked = async (stores: Stores, sendId: string): Promise<ParkedSend> => {
  for (let after: string | undefined; ;) {
    const { items, next } = await parkedPage(stores, pageItems, after);
    const found = items.find((send) => send.sendId === sendId);
    if (found) return found;
    if (next === undefined)
      throw new Failure(`no send ${escape(sendId)} is parked: hilo sends lists those that are`);
    after = next;
  }
};

export const describeParked = ({ content, conversationId }: ParkedSend): string =>
  `"${escape(preview(content))}" in ${conversationId}`;

/** Answers the id of the send that takes its place, if one does. Throws `Failure` when somebody else was quicker. */
export const resolveParked = async (
  stores: Stores,
  { conversationId, sendId }: ParkedSend,
  how: "resend" | "drop",
): Promise<string | undefined> => {
  const { events, rejected } = await resolveSend(stores, conversationId, { sendId, how, by: "cli" });
  // also where Hilo is stopped, the list must not show it again
  await project(stores, parkedSends, conversationId);
  if (rejected) throw new Failure(`the send ${sendId} cannot be resolved any more: ${rejected}`);
  const [resolved] = events;
  return resolved?.type === "SendResolved" ? resolved.data.resentAs : undefined;
};
