import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { Conversation } from "#core/domain/conversation.ts";

/** The indicator disappears after 25 s (Cloud API, "Typing indicators"). */
const refreshMs = 20_000;

/** Marks what the customer wrote as read, and shows "typing…" for as long as the work takes. */
export const whileTyping = async <Result>(
  whatsapp: WhatsApp,
  { unanswered, phoneNumberId }: Conversation,
  work: () => Promise<Result>,
): Promise<Result> => {
  const wamid = unanswered.at(-1)?.wamid;
  if (!wamid || !phoneNumberId) return work();
  const show = () => void whatsapp.showTyping({ phoneNumberId, wamid });
  show();
  const timer = setInterval(show, refreshMs);
  return work().finally(() => clearInterval(timer));
};
