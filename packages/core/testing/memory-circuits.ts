import type { CircuitStore, OpenCircuit } from "../clients/circuits.ts";

/** Open circuits for tests and simulations: gone with the process. */
export const memoryCircuits = (): CircuitStore => {
  const circuits = new Map<string, OpenCircuit & { leasedUntilMs: number }>();
  return {
    read: async (name) => opened(circuits.get(name)),

    async open(name, { untilMs, probes }) {
      const there = circuits.get(name);
      if (!there || there.untilMs <= untilMs) circuits.set(name, { untilMs, probes, leasedUntilMs: 0 });
    },

    async claimProbe(name, nowMs, leaseUntilMs) {
      const there = circuits.get(name);
      if (!there || there.untilMs > nowMs || there.leasedUntilMs > nowMs) return undefined;
      there.leasedUntilMs = leaseUntilMs;
      return opened(there);
    },

    async close(name, untilMs) {
      if (circuits.get(name)?.untilMs === untilMs) circuits.delete(name);
    },
  };
};

const opened = (circuit: OpenCircuit | undefined): OpenCircuit | undefined =>
  circuit && { untilMs: circuit.untilMs, probes: circuit.probes };
