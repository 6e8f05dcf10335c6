/** Milliseconds by step, on the given clock; a step that is taken twice is summed. */
export const stopwatch = (clock: () => Date) => {
  const steps: Record<string, number> = {};
  return {
    steps,
    async time<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
      const began = clock().getTime();
      try {
        return await work();
      } finally {
        steps[step] = (steps[step] ?? 0) + clock().getTime() - began;
      }
    },
  };
};
