import type { Goal, Work } from "../../harness/work.ts";

export const webhook = "receive-webhook";
export const reply = "generate-reply";
export const times = { cpu: "× CPU of the bare client", bytes: "× its bytes" } as const;

const within = (handler: string, what: keyof typeof times, atMost: number): Goal => ({
  says: `${handler}: at most ${atMost} times the ${what === "cpu" ? "CPU of module init" : "bytes"} of a bare DynamoDB client`,
  measure: { contender: "hilo", sample: handler, figure: { value: times[what] } },
  bound: { atMost },
});

export const work: Work = {
  name: "lambda",
  title: "Lambda bundle and module init",
  about:
    "Each handler bundled as SST does it, and loaded in a fresh process; compared in the same round with a bundle of nothing but a DynamoDB client.",
  unit: "loads",
  rounds: 3,
  contenders: [{ name: "hilo", title: "Hilo", does: "loads a handler's module, with all it is composed of" }],
  goals: [
    within(webhook, "cpu", 1.5),
    within(webhook, "bytes", 1.5),
    within(reply, "cpu", 2),
    within(reply, "bytes", 2),
  ],
};
