/** What every `CircuitStore` does. `open` gives two processes' views of the same, empty. */
import { beforeEach, describe, expect, it } from "vitest";
import { circuits, openMsMin, readAgainMs } from "../clients/circuit-breaker.ts";
import type { CircuitStore } from "../clients/circuits.ts";

const now = Date.parse("2026-11-02T10:00:00.000Z");

export const circuitsContract = (
  name: string,
  open: () => Promise<readonly [CircuitStore, CircuitStore]>,
): void => {
  let one: CircuitStore;
  let other: CircuitStore;
  beforeEach(async () => void ([one, other] = await open()));

  describe(`${name} as the store of circuits`, () => {
    it("has nothing of a circuit that was never open", async () => {
      expect(await one.read("graph")).toBeUndefined();
      expect(await one.claimProbe("graph", now, now + 60_000)).toBeUndefined();
      await one.close("graph", now);
      expect(await one.read("graph")).toBeUndefined();
    });

    it("tells every process what one has opened, and when one has closed it", async () => {
      await one.open("graph", { untilMs: now + 10_000, probes: 2 });
      expect(await other.read("graph")).toEqual({ untilMs: now + 10_000, probes: 2 });
      await other.close("graph", now + 10_000);
      expect(await one.read("graph")).toBeUndefined();
    });

    it("keeps names apart", async () => {
      await one.open("graph/1", { untilMs: now, probes: 0 });
      expect(await one.read("graph/2")).toBeUndefined();
      await one.close("graph/2", now);
      expect(await one.read("graph/1")).toEqual({ untilMs: now, probes: 0 });
    });

    it.each([
      { laterMs: -1, probes: 0, keptMs: 0, keptProbes: 2 },
      { laterMs: 0, probes: 3, keptMs: 0, keptProbes: 3 },
      { laterMs: 1, probes: 0, keptMs: 1, keptProbes: 0 },
    ])("opened again for $laterMs ms longer is open for $keptMs", async (row) => {
      await one.open("graph", { untilMs: now, probes: 2 });
      await other.open("graph", { untilMs: now + row.laterMs, probes: row.probes });
      expect(await one.read("graph")).toEqual({ untilMs: now + row.keptMs, probes: row.keptProbes });
    });

    it.each([
      { atMs: 9_999, won: undefined },
      { atMs: 10_000, won: { untilMs: now + 10_000, probes: 1 } },
    ])("open for 10 s gives a probe after $atMs ms: $won", async ({ atMs, won }) => {
      await one.open("graph", { untilMs: now + 10_000, probes: 1 });
      expect(await other.claimProbe("graph", now + atMs, now + 70_000)).toEqual(won);
    });

    it("gives the probe to one of 100 who ask at once", async () => {
      await one.open("graph", { untilMs: now, probes: 0 });
      const racers = Array.from({ length: 100 }, (_, racer) => (racer % 2 ? one : other));
      const won = await Promise.all(racers.map((store) => store.claimProbe("graph", now, now + 60_000)));
      expect(won.filter(Boolean)).toEqual([{ untilMs: now, probes: 0 }]);
    });

    it.each([
      { afterMs: 59_999, again: false },
      { afterMs: 60_000, again: true },
    ])("takes a prober of 60 s for dead after $afterMs ms: $again", async ({ afterMs, again }) => {
      await one.open("graph", { untilMs: now, probes: 0 });
      await one.claimProbe("graph", now, now + 60_000);
      const second = await other.claimProbe("graph", now + afterMs, now + 120_000);
      expect(second !== undefined).toBe(again);
    });

    it("opened again after a probe, has another at the end of that time", async () => {
      await one.open("graph", { untilMs: now, probes: 0 });
      await one.claimProbe("graph", now, now + 60_000);
      await one.open("graph", { untilMs: now + 20_000, probes: 1 });
      expect(await other.claimProbe("graph", now + 19_999, now + 90_000)).toBeUndefined();
      expect(await other.claimProbe("graph", now + 20_000, now + 90_000)).toBeDefined();
    });

    it("is not closed by who saw it before it was opened for longer", async () => {
      await one.open("graph", { untilMs: now, probes: 0 });
      await one.open("graph", { untilMs: now + 3_600_000, probes: 0 });
      await other.close("graph", now);
      expect(await one.read("graph")).toBeDefined();
    });

    it("lets a breaker in one process stop another's calls, and one probe open the way for both", async () => {
      let time = now;
      const clock = () => new Date(time);
      const here = circuits({ store: one, clock });
      const there = circuits({ store: other, clock });
      const ask = (breaker: typeof here, ok: boolean) =>
        breaker.guard(
          "graph",
          async () => ok,
          (ok) => !ok,
        );
      for (let failure = 1; failure <= 5; failure += 1) await ask(here, false);
      expect(await ask(there, true)).toEqual({ made: false, reopensAtMs: now + openMsMin });
      time += openMsMin;
      expect(await ask(there, true)).toEqual({ made: true, result: true });
      time += readAgainMs;
      expect(await Promise.all([here, there].map((breaker) => ask(breaker, true)))).toEqual(
        Array.from({ length: 2 }, () => ({ made: true, result: true })),
      );
      expect(await one.read("graph")).toBeUndefined();
    });
  });
};
