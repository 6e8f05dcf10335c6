import { preview } from "#core/views/conversation-list.ts";
import type { ParkedSend } from "#core/views/parked-sends.ts";
import { parkedPage } from "#functions/queries/parked-page.ts";
import { command, limitOf, limitOption, settings } from "../command.ts";
import { withStores } from "../open-data.ts";
import { escape, showTable } from "../output.ts";

const limitDefault = 50;

export const sends = command({
  name: "sends",
  about: "Lists sends of which nobody knows what became, newest parked first. Each waits for a person.",
  options: {
    limit: limitOption(limitDefault),
  },
  examples: [
    ["", "all that wait"],
    ["--json | jq -r .sendId", "their ids"],
  ],
  async run({ values, out }) {
    const limit = limitOf(values.limit, limitDefault);
    return withStores(settings(values), async (stores) => {
      const { items, next } = await parkedPage(stores, limit);
      for (const send of items) out.value(send);
      showTable(out, header, items.map(row), "No parked sends.");
      if (next !== undefined) out.note(`There are more than these ${limit}: see --limit.`);
      return 0;
    });
  },
});

const header = ["SEND", "CONVERSATION", "PARKED", "WHAT"];

const row = ({ sendId, conversationId, parkedAt, content }: ParkedSend): string[] => [
  sendId,
  conversationId,
  parkedAt ?? "",
  escape(preview(content)),
];
