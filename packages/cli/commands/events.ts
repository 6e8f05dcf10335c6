import { setTimeout as sleep } from "node:timers/promises";
import { schemas } from "#core/events/catalogue.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import type { Stores } from "#local/stores.ts";
import { command, settings, wholeNumber } from "../command.ts";
import { UsageError } from "../errors.ts";
import { summary } from "../event-summary.ts";
import { findConversation } from "../find-conversation.ts";
import { nearest } from "../nearest.ts";
import { withStores } from "../open-data.ts";
import { escape, paint, tableRow, type Output } from "../output.ts";

/** How often new events are looked for with `--follow`. */
const followMs = 200;

export const events = command({
  name: "events",
  about: "Lists what is recorded of a conversation, newest last. Works while Hilo is stopped, too.",
  positionals: ["<conversation>"],
  options: {
    from: { type: "string", value: "version", about: "begin with this version" },
    type: {
      type: "string",
      multiple: true,
      value: "type",
      about: "only events of this type; may be repeated",
    },
    follow: { type: "boolean", short: "f", about: "go on with new ones until Ctrl-C" },
  },
  examples: [
    ["'+34 600 00 00 12'", "of the customer with that phone number"],
    ["ES.1047 --follow", "of the customer with that BSUID, as it happens"],
    ["conversation-01J…-1065… --type MessageReceived --json | jq .data", "of one conversation, for programs"],
  ],
  async run({ values, positionals: [conversation = ""], out }) {
    const from = wholeNumber("from", values.from, 1);
    const types = values.type?.map(knownType);
    return withStores(settings(values), async (stores) => {
      const stream = await findConversation(stores, conversation);
      const show = shower(out, types && new Set(types));
      let next = await showFrom(stores, stream, from, show);
      while (values.follow) {
        await sleep(followMs);
        next = await showFrom(stores, stream, next, show);
      }
      return 0;
    });
  },
});

const knownType = (type: string): string => {
  if (schemas.has(type)) return type;
  const meant = nearest(type, [...schemas.keys()]);
  throw new UsageError(
    `there are no events of type ${escape(type)}${meant ? `; did you mean ${meant}?` : ""}`,
  );
};

/** Shows what there is from a version on. Answers the version that comes next. */
const showFrom = async (
  { store }: Stores,
  stream: string,
  from: number,
  show: (event: RecordedEvent) => void,
): Promise<number> => {
  let next = from;
  for await (const page of store.read(stream, { from })) {
    for (const event of page) show(event);
    next = (page.at(-1)?.version ?? next - 1) + 1;
  }
  return next;
};

const widths = [7, 24, 22];

/** Line by line, with widths that suit every event, so that nothing has to wait for the last. */
const shower = (out: Output, types: ReadonlySet<string> | undefined) => {
  out.text(paint("bold", tableRow(["VERSION", "TIME", "TYPE", "WHAT"], widths)));
  return (event: RecordedEvent): void => {
    if (types && !types.has(event.type)) return;
    out.value(event);
    out.text(
      tableRow([String(event.version).padStart(7), event.at, event.type, escape(summary(event))], widths),
    );
  };
};
