/**
 * In one process, those who write to one conversation go one after the other, each on with what its predecessor left.
 * Between processes the log decides; here it would only make all but one begin again.
 */
type Lines<Left> = Map<string, Promise<Left | undefined>>;

export const inLines = <Left>() => {
  // by store: each simulated or real process has one of its own, and a dead one holds up nobody
  const lines = new WeakMap<object, Lines<Left>>();

  /** `act` is given what whoever was directly before left, if anybody was still there when it came. */
  return async <Result>(
    store: object,
    stream: string,
    act: (left: Left | undefined) => Promise<{ result: Result; left: Left | undefined }>,
  ): Promise<Result> => {
    const line = lines.get(store) ?? new Map<string, Promise<Left | undefined>>();
    lines.set(store, line);
    const before = line.get(stream);
    const acting = (async () => act(await before))();
    const left = acting.then(
      (done) => done.left,
      () => undefined,
    );
    line.set(stream, left);
    try {
      return (await acting).result;
    } finally {
      if (line.get(stream) === left) line.delete(stream);
    }
  };
};
