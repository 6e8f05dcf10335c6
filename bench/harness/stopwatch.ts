import type { Sample, Stopwatch } from "./contender.ts";
import { percentile } from "./statistics.ts";

/** A stopwatch, and what it has measured. CPU is that of the whole process: garbage collection and threads count. */
export const stopwatch = (): { time: Stopwatch; samples: Sample[] } => {
  const samples: Sample[] = [];
  return {
    samples,
    async time(name, count, work, figures = () => ({})) {
      const laps: number[] = [];
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      await work((milliseconds) => laps.push(milliseconds));
      const ms = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(cpu);
      samples.push({ name, count, ms, cpuMs: (user + system) / 1000, ...latency(laps), figures: figures() });
    },
  };
};

const latency = (laps: number[]): Pick<Sample, "latency"> => {
  if (laps.length === 0) return {};
  const sorted = laps.toSorted((a, b) => a - b);
  const [p50, p95, p99, max] = [50, 95, 99, 100].map((percent) => percentile(sorted, percent));
  return { latency: { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, max: max ?? 0 } };
};
