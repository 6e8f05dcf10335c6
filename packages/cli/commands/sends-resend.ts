import { command, settings } from "../command.ts";
import { withStores } from "../open-data.ts";
import { describeParked, findParked, resolveParked } from "../parked-send.ts";

export const sendsResend = command({
  name: "sends resend",
  about:
    "Sends a parked message again. Look first whether the customer has it: they would have it twice. Hilo sends it once it runs.",
  positionals: ["<sendId>"],
  options: {},
  examples: [["01JNQ50A7X9WQ2C4E6G8JMPRTV", "that one, as hilo sends lists it"]],
  async run({ values, positionals: [sendId = ""], out }) {
    return withStores(settings(values), async (stores) => {
      const send = await findParked(stores, sendId);
      const resentAs = await resolveParked(stores, send, "resend");
      out.value({ conversation: send.conversationId, sendId, resentAs });
      out.text(`Sends ${describeParked(send)} again, as ${resentAs}.`);
      return 0;
    });
  },
});
