import { command } from "../command.ts";
import { stageOption, withDeadLetters } from "../dead-letters.ts";
import { Failure } from "../errors.ts";
import { checkQueue } from "../queue-names.ts";

export const dlqRedrive = command({
  name: "dlq redrive",
  about: "Puts dead letters back into their queue, to be tried again.",
  positionals: ["<queue>"],
  options: {
    stage: stageOption,
    id: { type: "string", multiple: true, value: "id", about: "only this one; may be repeated" },
  },
  examples: [
    ["send-message", "all of that queue"],
    ["send-message --id 12 --id 15", "two of them"],
    ["send-message --stage production", "of what is deployed"],
  ],
  async run({ values, positionals: [name = ""], out }) {
    const queue = checkQueue(name);
    return withDeadLetters(values, async (queues) => {
      const redriven = await queues.redrive(queue, values.id);
      const wanted = values.id?.length ?? 0;
      out.value({ queue, redriven });
      out.text(`Put ${redriven} back into ${queue}.`);
      if (redriven < wanted)
        throw new Failure(
          `${wanted - redriven} of the ids are no dead letters of ${queue}: hilo dlq list shows those there are`,
        );
      return 0;
    });
  },
});
