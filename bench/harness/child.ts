// One contender in a process of its own: node child.ts <work> <contender> prepare|round|profile, the context comes as a message.

import type { Contender, Context, RoundResult } from "./contender.ts";
import { startProfile } from "./profile.ts";
import { stopwatch } from "./stopwatch.ts";

export type Told = Omit<Context, "scaled"> & { quick: boolean };
export type Answer = { done: RoundResult } | { failed: string } | { unavailable: string };

const [work, name, phase] = process.argv.slice(2);

process.once("message", (told: Told) => {
  void answer(told);
});

async function answer(told: Told): Promise<void> {
  process.send?.(await take(told), () => process.exit(0));
}

async function take({ quick, ...told }: Told): Promise<Answer> {
  const context: Context = {
    ...told,
    scaled: (count) => (quick ? Math.max(1, Math.round(count / 10)) : count),
  };
  try {
    const { contender } = (await import(`../works/${work}/${name}.ts`)) as { contender: Contender };
    if (phase === "prepare") {
      await contender.prepare?.(context);
      return { done: { samples: [], peakMb: 0 } };
    }
    return { done: await round(contender, context) };
  } catch (error) {
    return (
      missing(error) ?? { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    );
  }
}

async function round(contender: Contender, context: Context): Promise<RoundResult> {
  const { warmUp, run, verify, close } = await contender.open(context);
  const { time, samples } = stopwatch();
  await warmUp?.();
  const stopProfile = phase === "profile" ? await startProfile() : undefined;
  await run(time);
  const profile = await stopProfile?.();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  await verify();
  await close?.();
  return { samples, peakMb, ...(profile && { profile }) };
}

/** A peer's package that this machine could not install, which npm allows for optional ones. */
function missing(error: unknown): Answer | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  return isMissing && /sqlite/.test(message)
    ? { unavailable: "its package could not be installed here" }
    : undefined;
}
