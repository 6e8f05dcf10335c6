/**
 * Ours, in spite of good libraries: what they do is keep the state, tell the time and choose the prober, each
 * within one process, and here all three are shared. What they would be left with is a count to five.
 */
import type { CircuitStore, Circuits, Failed, Guarded, OpenCircuit } from "./circuits.ts";

export type CircuitsOptions = {
  store: CircuitStore;
  clock: () => Date;
  /** Longer than any call takes: then its prober is taken for dead, and another may try. */
  probeMs?: number;
  /** Told what the store threw after a call: the call's own result counts for more. */
  report?: (fault: unknown) => void;
};

export const failuresMax = 5;
export const openMsMin = 10_000;
export const openMsMax = 5 * 60_000;
/** How long a process trusts what it has read. */
export const readAgainMs = 1_000;

/** What a process remembers of a circuit. A new one whenever it opens or closes, so that late results say nothing. */
type Known = { failures: number; open: OpenCircuit | undefined; readAtMs: number };

export const circuits = ({ store, clock, probeMs = 60_000, report }: CircuitsOptions): Circuits => {
  const known = new Map<string, Known>();
  const readings = new Map<string, Promise<void>>();
  const nowMs = () => clock().getTime();
  const remember = (name: string, open: OpenCircuit | undefined): Known => {
    const fresh = { failures: 0, open, readAtMs: nowMs() };
    known.set(name, fresh);
    return fresh;
  };

  const read = async (name: string): Promise<void> => {
    const open = await store.read(name);
    const there = known.get(name);
    // Closed before and now, it goes on counting.
    if (there && !there.open && !open) there.readAtMs = nowMs();
    else remember(name, open);
  };

  /** Once a second, and once for all who wait for it. */
  const refresh = async (name: string): Promise<void> => {
    const there = known.get(name);
    if (there && nowMs() < there.readAtMs + readAgainMs) return;
    const reading = readings.get(name) ?? read(name).finally(() => readings.delete(name));
    readings.set(name, reading);
    await reading;
  };

  const open = async (name: string, probes: number): Promise<void> => {
    const circuit = { untilMs: nowMs() + openMs(probes), probes };
    remember(name, circuit);
    await store.open(name, circuit);
  };

  const count = async (name: string, at: Known, isFailure: boolean | undefined): Promise<void> => {
    if (known.get(name) !== at || isFailure === undefined) return;
    at.failures = isFailure ? at.failures + 1 : 0;
    if (at.failures === failuresMax) await open(name, 0);
  };

  const conclude = async (
    name: string,
    probe: OpenCircuit,
    isFailure: boolean | undefined,
  ): Promise<void> => {
    if (isFailure) return open(name, probe.probes + 1);
    if (isFailure === undefined) return store.open(name, { ...probe, untilMs: nowMs() });
    await store.close(name, probe.untilMs);
    // Whether it is closed now, the store knows: it may have been tripped meanwhile.
    const there = known.get(name);
    if (there) there.readAtMs = -Infinity;
  };

  const reported = (writing: Promise<void>) => writing.catch((fault: unknown) => report?.(fault));

  return {
    async guard(name, make, failed) {
      await refresh(name);
      // What others did while this one waited counts.
      const at = known.get(name) ?? remember(name, undefined);
      const circuit = at.open;
      if (!circuit) return observed(make, failed, (isFailure) => reported(count(name, at, isFailure)));
      const now = nowMs();
      if (now < circuit.untilMs) return { made: false, reopensAtMs: circuit.untilMs };
      // Others here need not ask for the probe while this one does.
      const reopensAtMs = now + readAgainMs;
      remember(name, { ...circuit, untilMs: reopensAtMs });
      const probe = await store.claimProbe(name, now, now + probeMs);
      if (!probe) return { made: false, reopensAtMs };
      return observed(make, failed, (isFailure) => reported(conclude(name, probe, isFailure)));
    },

    async reopensAtMs(name) {
      await refresh(name);
      const open = known.get(name)?.open;
      return open && nowMs() < open.untilMs ? open.untilMs : undefined;
    },

    async trip(name, untilMs) {
      const circuit = { untilMs, probes: 0 };
      remember(name, circuit);
      await store.open(name, circuit);
    },
  };
};

const openMs = (probes: number): number => Math.min(openMsMin * 2 ** probes, openMsMax);

/** Makes the call, and tells what it says of the service before its result is known to the caller. */
const observed = async <Result>(
  make: () => Promise<Result>,
  failed: Failed<Result>,
  tell: (isFailure: boolean | undefined) => Promise<void>,
): Promise<Guarded<Result>> => {
  let result: Result;
  try {
    result = await make();
  } catch (error) {
    await tell(true);
    throw error;
  }
  await tell(failed(result));
  return { made: true, result };
};
