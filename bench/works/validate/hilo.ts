import { upcast, type Stored } from "../../../packages/core/events/catalogue.ts";
import type { Contender } from "../../harness/contender.ts";
import { mustBe } from "../../shared/clients.ts";
import { historyOf } from "../../shared/history.ts";
import { samples } from "./work.ts";

const times = 100;

export const contender: Contender = {
  async open({ scaled }) {
    const history = historyOf(0, 2_000);
    const rows = history.map(({ type, data }) => JSON.stringify({ type, schemaVersion: 1, data }));
    const stored = rows.map((row) => JSON.parse(row) as Stored);
    const validateAll = () => stored.map((event) => upcast(event));
    return {
      warmUp: async () => void validateAll(),
      async run(time) {
        const repeat = scaled(times);
        await time(samples.read, stored.length * repeat, () => {
          for (let once = 0; once < repeat; once++) validateAll();
        });
        await time(samples.mapped, rows.length * repeat, () => {
          for (let once = 0; once < repeat; once++) for (const row of rows) JSON.parse(row);
        });
      },
      async verify() {
        mustBe("events", validateAll(), history);
        const broken = {
          ...stored[2],
          data: { ...(stored[2]?.data as object), sentAt: "yesterday" },
        } as Stored;
        mustBe(
          "a broken one is refused",
          isRefused(() => upcast(broken)),
          true,
        );
      },
    };
  },
};

const isRefused = (act: () => unknown): boolean => {
  try {
    act();
    return false;
  } catch {
    return true;
  }
};
