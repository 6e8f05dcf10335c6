import { BusEvent } from "#core/events/bus.ts";
import type { DeadLetter } from "#core/store/queues.ts";
import { command, limitOf } from "../command.ts";
import { stageOption, withDeadLetters } from "../dead-letters.ts";
import { escape, showTable } from "../output.ts";
import { checkQueue, queueNames } from "../queue-names.ts";

const limitDefault = 100;

export const dlqList = command({
  name: "dlq list",
  about: "Lists messages that failed too often, the first given up first.",
  positionals: ["[queue]"],
  options: {
    stage: stageOption,
    limit: {
      type: "string",
      value: "number",
      about: `how many of each queue at most, ${limitDefault} by default`,
    },
  },
  examples: [
    ["", "of every queue"],
    ["send-message --json", "of one, for programs"],
    ["--stage production", "of what is deployed"],
  ],
  async run({ values, positionals: [queue], out }) {
    const limit = limitOf(values.limit, limitDefault);
    const chosen = queue === undefined ? queueNames : [checkQueue(queue)];
    return withDeadLetters(values, async (queues) => {
      const letters = await Promise.all(
        chosen.map(async (name) =>
          (await queues.deadLetters(name, limit)).map((letter) => described(name, letter)),
        ),
      );
      for (const letter of letters.flat()) out.value(letter);
      showTable(out, header, letters.flat().map(row), "No dead letters.");
      return 0;
    });
  },
});

type Described = ReturnType<typeof described>;

/** Personal data in the body is encrypted, so what it says can be shown. */
const described = (queue: string, { id, body, receives, reason, sentAt, buriedAt }: DeadLetter) => {
  const event = BusEvent.safeParse(parsed(body)).data;
  return {
    queue,
    id,
    event: event?.detail.id,
    type: event?.["detail-type"],
    receives,
    reason,
    sentAt,
    buriedAt,
  };
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const header = ["QUEUE", "ID", "GIVEN UP", "REASON", "TYPE", "EVENT"];

const row = ({ queue, id, buriedAt, reason, type, event }: Described): string[] => [
  queue,
  id,
  buriedAt ?? "?",
  escape(reason),
  type ?? "?",
  event ?? "unreadable",
];
