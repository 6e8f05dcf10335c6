import { join } from "node:path";
import type { Contender } from "../../harness/contender.ts";
import { openEmmett } from "../../peers/emmett.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { streamOf } from "../../shared/history.ts";
import { eventOf } from "./event.ts";
import { appendsOfEmmett, clients, samples } from "./work.ts";

const attemptsMax = 20;

export const contender: Contender = {
  async open({ roundDir, scaled }) {
    const store = await openEmmett(join(roundDir, "events.db"));
    let before: Promise<unknown> = Promise.resolve();
    const append = (first: number) => async (own: number, step: number) => {
      before = before.then(() => untilNotBusy(() => appendOne(first, own, step)));
      await before;
    };
    const appendOne = async (first: number, own: number, step: number): Promise<void> => {
      await store.appendToStream(streamOf(first + own), [eventOf(first + own, step) as never], {
        expectedStreamVersion: BigInt(step),
      });
    };
    const [many, one] = [scaled(appendsOfEmmett.many), scaled(appendsOfEmmett.one)];
    return {
      warmUp: () => inClients(1, 5, () => {}, append(200)),
      async run(time) {
        await time(samples.many, clients * many, (lap) => inClients(clients, many, lap, append(0)));
        await time(samples.one, one, (lap) => inClients(1, one, lap, append(100)));
      },
      async verify() {
        const { events } = await store.readStream(streamOf(100));
        mustBe(
          "what is read",
          events.map(({ type, data }) => ({ type, data })),
          Array.from({ length: one }, (_, step) => eventOf(100, step)) as never,
        );
        for (let own = 0; own < clients; own++)
          mustBe("versions", (await store.readStream(streamOf(own))).events.length, many);
      },
    };
  },
};

/** Now and then one of its connections finds the file locked by another of them, and nothing is appended. */
const untilNotBusy = async (append: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await append();
    } catch (error) {
      const isBusy = error instanceof Error && /SQLITE_BUSY|no transaction is active/.test(error.message);
      if (!isBusy || attempt === attemptsMax) throw error;
    }
  }
};
