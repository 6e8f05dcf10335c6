import { newestFirst } from "#functions/queries/newest-first.ts";
import { ConversationState, type ConversationSummary } from "#core/views/conversation-list.ts";
import { command, limitOf, limitOption, settings } from "../command.ts";
import { UsageError } from "../errors.ts";
import { withStores } from "../open-data.ts";
import { escape, showTable } from "../output.ts";

const limitDefault = 50;

export const conversations = command({
  name: "conversations",
  about: "Lists conversations, newest updated first.",
  options: {
    state: {
      type: "string",
      multiple: true,
      value: "state",
      about: `only those in this state (${ConversationState.options.join(", ")}); may be repeated`,
    },
    limit: limitOption(limitDefault),
  },
  examples: [
    ["", "all of them"],
    ["--state needs-human --state human", "those that a person has, or should have"],
    ["--json | jq -r .id", "their ids"],
  ],
  async run({ values, out }) {
    const states = values.state?.map(stateOf) ?? ConversationState.options;
    const limit = limitOf(values.limit, limitDefault);
    return withStores(settings(values), async ({ store, views }) => {
      const { items, next } = await newestFirst({ store, views }, [...new Set(states)], undefined, limit);
      for (const summary of items) out.value(summary);
      showTable(out, header, items.map(row), "No conversations.");
      if (next) out.note(`There are more than these ${limit}: see --limit.`);
      return 0;
    });
  },
});

const stateOf = (text: string): ConversationState => {
  const state = ConversationState.safeParse(text);
  if (!state.success) throw new UsageError(`--state is one of ${ConversationState.options.join(", ")}`);
  return state.data;
};

const header = ["CONVERSATION", "STATE", "CONTACT", "IN", "OUT", "UPDATED", "LAST"];

const row = ({ id, state, contact, received, sent, updatedAt, last }: ConversationSummary): string[] => [
  id,
  state,
  escape(contact.name ?? contact.username ?? (contact.phone ? `+${contact.phone}` : "?")),
  String(received),
  String(sent),
  updatedAt,
  last ? `${last.from === "customer" ? "←" : "→"} ${escape(last.preview)}` : "",
];
