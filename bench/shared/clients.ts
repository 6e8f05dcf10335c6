import type { Lap } from "../harness/contender.ts";

/** `clients` at once, each doing its share in order: as many customers writing at the same time. */
export const inClients = async (
  clients: number,
  each: number,
  lap: Lap,
  act: (client: number, step: number) => Promise<void>,
): Promise<void> => {
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let step = 0; step < each; step++) {
        const startedAt = performance.now();
        await act(client, step);
        lap(performance.now() - startedAt);
      }
    }),
  );
};

/** Throws unless the two are equal, and says what was compared. */
export const mustBe = <Value>(what: string, is: Value, wanted: Value): void => {
  if (JSON.stringify(is) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`);
};
