import type { Work } from "../../harness/work.ts";

export const samples = { read: "on read", mapped: "JSON.parse alone" } as const;

export const work: Work = {
  name: "validate",
  title: "Validate one event on read",
  about:
    "Events as storage has them, after JSON.parse, through the schemas that are enforced everywhere: type, schema version, every field.",
  unit: "events",
  contenders: [{ name: "hilo", title: "Hilo", does: "upcasts and validates, as every read does" }],
  goals: [
    {
      says: "at most 3 µs",
      measure: { contender: "hilo", sample: samples.read, figure: "usPerItem" },
      bound: { atMost: 3 },
    },
  ],
};
