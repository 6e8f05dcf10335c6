import { takeOver as takeConversation } from "#functions/commands/take-over.ts";
import { command, settings } from "../command.ts";
import { Failure } from "../errors.ts";
import { findConversation } from "../find-conversation.ts";
import { withStores } from "../open-data.ts";

export const takeOver = command({
  name: "take-over",
  about: "Takes a conversation from the bot, which sends nothing there that it had not begun to.",
  positionals: ["<conversation>"],
  options: {},
  examples: [["'+34 600 00 00 12'", "the conversation of the customer with that phone number"]],
  async run({ values, positionals: [conversation = ""], out }) {
    return withStores(settings(values), async (stores) => {
      const stream = await findConversation(stores, conversation);
      const { events, rejected, state } = await takeConversation(stores, stream, { by: "cli" });
      if (rejected) throw new Failure(`nobody can take over ${stream}: ${rejected}`);
      out.value({ conversation: stream, takenOver: events.length > 0, version: state.version });
      out.text(
        events.length > 0
          ? `The bot is silent in ${stream}: hilo resume gives it back.`
          : `A person has ${stream} already.`,
      );
      return 0;
    });
  },
});
