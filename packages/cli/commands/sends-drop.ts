import { command, settings } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { Failure } from "../errors.ts";
import { withStores } from "../open-data.ts";
import { describeParked, findParked, resolveParked } from "../parked-send.ts";

export const sendsDrop = command({
  name: "sends drop",
  about: "Gives a parked message up: it is not sent again.",
  positionals: ["<sendId>"],
  options: { yes: { type: "boolean", short: "y", about: "do not ask" } },
  examples: [["01JNQ50A7X9WQ2C4E6G8JMPRTV --yes", "that one, as hilo sends lists it"]],
  async run({ values, positionals: [sendId = ""], out }) {
    return withStores(settings(values), async (stores) => {
      const send = await findParked(stores, sendId);
      out.note(`${describeParked(send)}.`);
      if (!(values.yes ?? (await confirmed("Drop this message?")))) throw new Failure("nothing was dropped");
      await resolveParked(stores, send, "drop");
      out.value({ conversation: send.conversationId, sendId, dropped: true });
      out.text(`Dropped ${sendId}.`);
      return 0;
    });
  },
});
