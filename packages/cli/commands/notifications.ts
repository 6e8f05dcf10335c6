import { command, limitOf, limitOption, settings } from "../command.ts";
import { withStores } from "../open-data.ts";
import { escape, showTable } from "../output.ts";

const limitDefault = 20;

export const notifications = command({
  name: "notifications",
  about: "Lists what people were told: that a conversation waits for one of them. Newest first.",
  options: {
    limit: limitOption(limitDefault),
  },
  examples: [
    ["", "the newest"],
    ["--json | jq -r .conversationId", "the conversations that they are about"],
  ],
  async run({ values, out }) {
    const limit = limitOf(values.limit, limitDefault);
    return withStores(settings(values), async ({ inbox }) => {
      const told = inbox.list(limit);
      for (const notification of told) out.value(notification);
      const rows = told.map(({ at, subject, conversationId, link = "" }) => [
        at,
        escape(subject),
        conversationId,
        escape(link),
      ]);
      showTable(out, header, rows, "Nobody was told anything.");
      return 0;
    });
  },
});

const header = ["WHEN", "WHAT", "CONVERSATION", "LINK"];
