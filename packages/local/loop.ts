/** Work that is looked for now and then, and at once when somebody says that there is some. */
export type Loop = {
  wake(): void;
  /** Resolves when the work under way is done. None is begun after. */
  stop(): Promise<void>;
};

/** SQLite's calls are synchronous: longer than this at a stretch, and everything else in the process waits. */
const sliceMs = 20;

/** Repeats `work` while it says that there was some; else waits for `wake`, or `everyMs`. A throw waits, too. */
export const loop = (
  everyMs: number,
  work: () => Promise<boolean>,
  failed: (error: unknown) => void = () => {},
): Loop => {
  let stopped = false;
  let woken = false;
  let rouse = () => {};

  const rest = async (): Promise<void> => {
    if (woken || stopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, everyMs);
    rouse = resolve;
    await promise;
    clearTimeout(timer);
  };

  const run = async (): Promise<void> => {
    let restedAt = performance.now();
    for (;;) {
      if (stopped) return;
      woken = false;
      const more = await work().catch((error: unknown) => {
        failed(error);
        return false;
      });
      if (stopped) return;
      if (more && performance.now() - restedAt < sliceMs) continue;
      // with a backlog, too, this process's requests and timers get their turn
      await (more ? new Promise((resolve) => setImmediate(resolve)) : rest());
      restedAt = performance.now();
    }
  };

  const running = run();
  return {
    wake() {
      woken = true;
      rouse();
    },
    async stop() {
      stopped = true;
      rouse();
      await running;
    },
  };
};
