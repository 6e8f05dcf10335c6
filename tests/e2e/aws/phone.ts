/** A customer's phone in the simulator of WhatsApp. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

const Chat = z.object({
  messages: z.array(
    z.object({
      from: z.string(),
      content: z.object({ text: z.object({ body: z.string() }).optional() }),
    }),
  ),
});
export type Said = { from: string; text: string | undefined };

/** `phone` is a number that nobody there has. */
export const takePhone = async (whatsappUrl: string, phone: string) => {
  const send = async (path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<unknown> => {
    const response = await fetch(`${whatsappUrl}/simulator/customers${path}`, {
      ...(body !== undefined && { method: "POST", body }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const added = await send("", JSON.stringify({ name: "Eva", phone }));
  const { id } = z.object({ id: z.string() }).parse(added);
  const chat = async (): Promise<Said[]> =>
    Chat.parse(await send(`/${id}/chat`)).messages.map(({ from, content }) => ({
      from,
      text: content.text?.body,
    }));
  return {
    chat,
    write: (text: string) => send(`/${id}/actions`, JSON.stringify({ type: "text", text })),
    sendPhoto: (bytes: Uint8Array<ArrayBuffer>, caption: string) =>
      send(`/${id}/files?${String(new URLSearchParams({ kind: "image", caption }))}`, bytes),
    /** The chat, once the business has said something in it. */
    async answered(timeoutMs = 60_000): Promise<Said[]> {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const said = await chat();
        if (said.some(({ from }) => from === "business")) return said;
        if (Date.now() > deadline) throw new Error("nobody answered on the phone");
        await sleep(300);
      }
    },
  };
};
