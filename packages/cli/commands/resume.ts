import { resumeBot } from "#functions/commands/take-over.ts";
import { command, settings } from "../command.ts";
import { Failure } from "../errors.ts";
import { findConversation } from "../find-conversation.ts";
import { withStores } from "../open-data.ts";

export const resume = command({
  name: "resume",
  about: "Hands a conversation back to the bot, which answers again from the next message on.",
  positionals: ["<conversation>"],
  options: {},
  examples: [["'+34 600 00 00 12'", "the conversation of the customer with that phone number"]],
  async run({ values, positionals: [conversation = ""], out }) {
    return withStores(settings(values), async (stores) => {
      const stream = await findConversation(stores, conversation);
      const { events, rejected, state } = await resumeBot(stores, stream, { by: "cli" });
      if (rejected) throw new Failure(`the bot cannot take over ${stream}: ${rejected}`);
      out.value({ conversation: stream, resumed: events.length > 0, version: state.version });
      out.text(events.length > 0 ? `The bot answers again in ${stream}.` : `The bot has ${stream} already.`);
      return 0;
    });
  },
});
