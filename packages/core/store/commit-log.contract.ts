/** What every commit log promises. A reason in place of a part says why an engine cannot show it. */
import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bodyBytesMax, lastVersion, type Commit, type CommitLog, type ReadOptions } from "./commit-log.ts";
import { aCommit, plain, type PlainCommit } from "../testing/commits.ts";

type Opened = { log: CommitLog; close: () => Promise<void> };

export const commitLogContract = (
  name: string,
  open: () => Promise<Opened>,
  unable: { feed?: string; size?: string } = {},
): void => {
  let log: CommitLog;
  let close: Opened["close"];
  beforeEach(async () => ({ log, close } = await open()));
  afterEach(async () => close());

  describe(`${name}: append`, () => {
    test("has one winner among 100 racers", async () => {
      const racers = Array.from({ length: 100 }, (_, racer) =>
        aCommit("a", 1, { commitId: `racer-${racer}` }),
      );
      const won = await Promise.all(racers.map((racer) => log.append(racer)));
      const winners = racers.filter((_, racer) => won[racer]);
      expect(winners).toHaveLength(1);
      expect(await readAll(log, "a")).toEqual(winners.map(plain));
    });

    test("keeps a commit whole", async () => {
      const first = aCommit("a", 1, { count: 3, causationId: "cause" });
      const second = aCommit("a", 4, { count: 2 });
      expect(await log.append(first)).toBe(true);
      expect(await log.append(second)).toBe(true);
      expect(await readAll(log, "a")).toEqual([plain(first), plain(second)]);
    });

    test("answers true to the same commit again, and keeps it once", async () => {
      const commit = aCommit("a", 1, { count: 2 });
      await log.append(commit);
      await log.append(aCommit("a", 3));
      expect(await log.append(commit)).toBe(true);
      expect(await Promise.all([log.append(commit), log.append(commit)])).toEqual([true, true]);
      expect(await readAll(log, "a")).toHaveLength(2);
    });

    test("answers false to another commit at the same version, whatever else is equal", async () => {
      const commit = aCommit("a", 1);
      await log.append(commit);
      expect(await log.append({ ...commit, commitId: "another" })).toBe(false);
      expect(await readAll(log, "a")).toEqual([plain(commit)]);
    });

    test("keeps streams apart, whatever their names", async () => {
      const names = ["a", "A", "a ", "a:1", "a%", "á", "a\u0301", "会話-🧵", "\u202eb", "😀".repeat(100)];
      const commits = names.map((stream) => aCommit(stream, 1));
      expect(await Promise.all(commits.map((commit) => log.append(commit)))).not.toContain(false);
      expect(await Promise.all(names.map((stream) => readAll(log, stream)))).toEqual(
        commits.map((commit) => [plain(commit)]),
      );
    });

    test("keeps every byte of a body", async () => {
      const bodies = [
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
        Uint8Array.of(0),
        Buffer.from("a part of a pool of bytes").subarray(2, 6),
        Buffer.from("lone surrogate \ud800 and \u0000"),
        Uint8Array.of(0xff, 0xfe, 0xc0, 0x80),
      ];
      const commits = bodies.map((body, index) => aCommit("a", index + 1, { body }));
      for (const commit of commits) await log.append(commit);
      expect(await readAll(log, "a")).toEqual(commits.map(plain));
    });

    test("takes a body of 390 KB with long attributes beside it", async () => {
      const body = randomBytes(bodyBytesMax);
      const commit = aCommit("a".repeat(200), 1, {
        body,
        subject: "s".repeat(500),
        causationId: "c".repeat(500),
      });
      expect(await log.append(commit)).toBe(true);
      expect(await readAll(log, commit.stream)).toEqual([plain(commit)]);
    });

    test("throws on a body over 390 KB and keeps nothing of it", async () => {
      const commit = aCommit("a", 1, { body: randomBytes(bodyBytesMax + 1) });
      await expect(log.append(commit)).rejects.toThrow(/399361 bytes; at most 399360 fit/);
      expect(await log.head("a")).toBe(0);
    });

    test.each([
      { version: 0, count: 1 },
      { version: 1, count: 0 },
      { version: 1.5, count: 1 },
    ])("throws on version $version with $count events", async (numbers) => {
      await expect(log.append(aCommit("a", 1, numbers))).rejects.toThrow(RangeError);
    });

    test("keeps versions gapless and equal to a model under random interleavings of writers", async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(rounds, async (plan) => {
          const prefix = `run-${run++}`;
          const model = await play(log, prefix, plan);
          for (const [stream, commits] of model) {
            expect(await readAll(log, stream)).toEqual(commits.map(plain));
            expect(await log.head(stream)).toBe(headOf(commits));
          }
        }),
        { numRuns: 25 },
      );
    });
  });

  describe(`${name}: read`, () => {
    test("yields nothing for an unknown stream", async () => {
      expect(await readPages(log, "nobody")).toEqual([]);
      expect(await readPages(log, "nobody", { from: 5, to: 9, direction: "backwards" })).toEqual([]);
    });

    test.each([
      { direction: "forwards", pageSize: 100 },
      { direction: "backwards", pageSize: 100 },
      { direction: "forwards", pageSize: 2 },
      { direction: "backwards", pageSize: 2 },
    ] as const)("yields what touches [from, to] $direction, $pageSize a page", async (options) => {
      const commits = await fill(log, "a", [1, 3, 2, 1, 4]);
      await fill(log, "b", [2, 2]);
      const bounds = Array.from({ length: 13 }, (_, index) => index + 1);
      const ranges = bounds.flatMap((from) => bounds.map((to) => ({ from, to })));
      const pages = await Promise.all(ranges.map((range) => readPages(log, "a", { ...range, ...options })));
      const touching = ranges.map(({ from, to }) =>
        commits
          .filter((commit) => from <= to && commit.version <= to && lastVersion(commit) >= from)
          .map(plain),
      );
      expect(pages.map((each) => each.flat())).toEqual(
        options.direction === "backwards" ? touching.map((each) => each.toReversed()) : touching,
      );
      const sizes = pages.flat().map((page) => page.length);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(options.pageSize);
    });

    test("yields the newest commits first and fetches no more than is asked for", async () => {
      await fill(log, "a", [1, 1, 1, 1]);
      for await (const page of log.read("a", { direction: "backwards", pageSize: 3 })) {
        expect(page.map(({ version }) => version)).toEqual([4, 3, 2]);
        break;
      }
    });

    test("goes through many commits in either direction", async () => {
      const commits = await fill(log, "a", Array<number>(230).fill(2));
      expect(await readAll(log, "a")).toEqual(commits.map(plain));
      expect(await readAll(log, "a", { from: 101 })).toEqual(commits.slice(50).map(plain));
      expect(await readAll(log, "a", { direction: "backwards" })).toEqual(commits.toReversed().map(plain));
    });

    test("goes on beyond the 1 MB that one query of DynamoDB's answers", async () => {
      const commits = Array.from({ length: 7 }, (_, index) =>
        aCommit("a", index + 1, { body: randomBytes(380_000) }),
      );
      for (const commit of commits) await log.append(commit);
      expect(await readAll(log, "a")).toEqual(commits.map(plain));
      expect(await readAll(log, "a", { direction: "backwards" })).toEqual(commits.toReversed().map(plain));
    });

    test("sees an append at once", async () => {
      for (let version = 1; version <= 30; version++) {
        await log.append(aCommit("a", version));
        expect(await log.head("a")).toBe(version);
        expect(await readAll(log, "a", { from: version })).toHaveLength(1);
      }
    });
  });

  describe(`${name}: head`, () => {
    test("is the last version, 0 for an unknown stream", async () => {
      expect(await log.head("a")).toBe(0);
      await fill(log, "a", [1, 3, 2]);
      expect(await log.head("a")).toBe(6);
      expect(await log.head("b")).toBe(0);
    });
  });

  describe(`${name}: snapshot`, () => {
    const snapshot = (version: number, body = `state ${version}`) => ({
      stream: "a",
      version,
      reducer: "r1",
      body: Buffer.from(body),
    });
    const stored = async () => {
      const found = await log.snapshot("a");
      return found && { ...found, body: Buffer.from(found.body) };
    };

    test("is absent before it is saved", async () => {
      expect(await log.snapshot("a")).toBeUndefined();
    });

    test("stays the newer one, in whatever order they come", async () => {
      await log.saveSnapshot(snapshot(50));
      await log.saveSnapshot(snapshot(100));
      await log.saveSnapshot(snapshot(99));
      expect(await stored()).toEqual(snapshot(100));
      const versions = [105, 120, 101, 119, 110];
      await Promise.all(versions.map((version) => log.saveSnapshot(snapshot(version))));
      expect(await stored()).toEqual(snapshot(120));
    });

    test("of the same version gives way, so that a new reducer's replaces an old one's", async () => {
      await log.saveSnapshot(snapshot(50));
      await log.saveSnapshot({ ...snapshot(50, "by another reducer"), reducer: "r2" });
      expect(await stored()).toEqual({ ...snapshot(50, "by another reducer"), reducer: "r2" });
    });

    test("is forgotten by deletion, after which an older one may be saved", async () => {
      await log.saveSnapshot(snapshot(50));
      await log.deleteSnapshot("a");
      await log.deleteSnapshot("nobody");
      expect(await log.snapshot("a")).toBeUndefined();
      await log.saveSnapshot(snapshot(10));
      expect(await stored()).toEqual(snapshot(10));
    });

    test("of 390 KB is kept; a larger one is not, and harms nothing", async () => {
      const largest = { ...snapshot(50), body: randomBytes(bodyBytesMax) };
      await log.saveSnapshot(largest);
      await log.saveSnapshot({ ...snapshot(60), body: randomBytes(bodyBytesMax + 1) });
      expect(await stored()).toEqual(largest);
    });
  });

  describe.skipIf(unable.feed !== undefined)(`${name}: feed${because(unable.feed)}`, () => {
    test("is empty for an empty log, and its checkpoint is good for what comes later", async () => {
      const page = await log.feed(undefined, 10);
      expect(page.commits).toEqual([]);
      const commits = await fill(log, "a", [2]);
      expect((await follow(log, page.checkpoint, 1)).commits).toEqual(commits.map(plain));
    });

    test("gives every commit from the beginning, in order within its stream, at most `limit` a page", async () => {
      const commits = await fillMany(log, 12);
      const { commits: fed, largestPage } = await follow(log, undefined, commits.length, 5);
      expect(byStream(fed)).toEqual(byStream(commits.map(plain)));
      expect(largestPage).toBeLessThanOrEqual(5);
    });

    test("goes on after any checkpoint with exactly what follows", async () => {
      const commits = await fillMany(log, 5);
      let checkpoint: string | undefined;
      const pages = [];
      for (let count = 0; count < commits.length; count += pages.at(-1)?.commits.length ?? 0) {
        pages.push(await follow(log, checkpoint, 1, 4));
        checkpoint = pages.at(-1)?.checkpoint;
      }
      const fed = pages.flatMap((page) => page.commits);
      expect(byStream(fed)).toEqual(byStream(commits.map(plain)));
      for (const [index, page] of pages.entries()) {
        const rest = pages.slice(index + 1).flatMap((later) => later.commits);
        const again = await follow(log, page.checkpoint, rest.length);
        expect(byStream(again.commits)).toEqual(byStream(rest));
      }
    });

    test("gives what is appended after it was read to the end, and nothing else", async () => {
      await fillMany(log, 3);
      const { checkpoint } = await follow(log, undefined, 9);
      const later = aCommit("stream-1", (await log.head("stream-1")) + 1, { count: 2 });
      await log.append(later);
      const next = await follow(log, checkpoint, 1);
      expect(next.commits).toEqual([plain(later)]);
      expect((await log.feed(next.checkpoint, 10)).commits).toEqual([]);
    });

    test("has no losers of a race", async () => {
      await Promise.all(
        [1, 2, 3, 4].map((racer) => log.append(aCommit("a", 1, { commitId: `racer-${racer}` }))),
      );
      expect((await follow(log, undefined, 1)).commits).toEqual(await readAll(log, "a"));
    });
  });

  describe(`${name}: scan`, () => {
    test.each([
      { segments: 1, limit: 1000 },
      { segments: 1, limit: 4 },
      { segments: 3, limit: 2 },
      { segments: 50, limit: 10 },
    ])(
      "in $segments segments by $limit gives each stream once, whole and in order",
      async ({ segments, limit }) => {
        const commits = await fillMany(log, 20);
        const parts = await Promise.all(
          Array.from({ length: segments }, async (_, segment) => {
            const pages = await scanPages(log, { segment, segments, limit });
            expect(Math.max(0, ...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
            return pages.flat();
          }),
        );
        const streams = parts.map((part) => part.map(({ stream }) => stream).filter(isNewRun));
        expect(streams.flat().toSorted()).toEqual(
          [...new Set(commits.map(({ stream }) => stream))].toSorted(),
        );
        expect(byStream(parts.flat())).toEqual(byStream(commits.map(plain)));
      },
    );

    test("goes on from `next` as often as asked", async () => {
      await fillMany(log, 8);
      const whole = (await scanPages(log, { segment: 0, segments: 1 })).flat();
      const first = await log.scan({ segment: 0, segments: 1, limit: 5 });
      expect(first.commits.map(plain)).toEqual(whole.slice(0, 5));
      for (const limit of [3, 1000]) {
        const after = first.next ?? "absent";
        const { commits } = await log.scan({ segment: 0, segments: 1, limit, after });
        expect(commits.map(plain)).toEqual(whole.slice(5, 5 + limit));
      }
    });

    test.each([{ limit: 3 }, { limit: 1000 }])(
      "in outline, $limit at a time, says where the same commits stand",
      async ({ limit }) => {
        await fillMany(log, 8);
        const whole = (await scanPages(log, { segment: 0, segments: 1 })).flat();
        const outlined = [];
        let after: string | undefined;
        do {
          const page = await log.outline({
            segment: 0,
            segments: 1,
            limit,
            ...(after !== undefined && { after }),
          });
          expect(page.commits.length).toBeLessThanOrEqual(limit);
          outlined.push(...page.commits.map(({ stream, version, count }) => ({ stream, version, count })));
          after = page.next;
        } while (after !== undefined);
        expect(outlined).toEqual(whole.map(({ stream, version, count }) => ({ stream, version, count })));
      },
    );

    test.each([
      { limit: 3, segments: 1 },
      { limit: 1000, segments: 3 },
    ])("in heads, $limit at a time in $segments segments, says where each stream stands", async (options) => {
      const filled = [...(await fillMany(log, 8)), ...(await fill(log, "of-several", [2, 3]))];
      const found = new Map<string, number>();
      for (let segment = 0; segment < options.segments; segment++) {
        let after: string | undefined;
        do {
          const page = await log.heads({ ...options, segment, ...(after !== undefined && { after }) });
          expect(page.heads.length).toBeLessThanOrEqual(options.limit);
          for (const { stream, head } of page.heads) {
            expect(head).toBeGreaterThan(found.get(stream) ?? 0);
            found.set(stream, head);
          }
          after = page.next;
        } while (after !== undefined);
      }
      const wanted = new Map(filled.map((commit) => [commit.stream, lastVersion(commit)]));
      expect(found).toEqual(wanted);
    });

    test("of an empty log gives nothing", async () => {
      expect(await log.scan({ segment: 0, segments: 1 })).toEqual({ commits: [] });
      expect(await log.heads({ segment: 0, segments: 1 })).toEqual({ heads: [] });
    });
  });

  describe.skipIf(unable.size !== undefined)(`${name}: size${because(unable.size)}`, () => {
    test("counts commits", async () => {
      expect(await log.size()).toBe(0);
      const commits = await fillMany(log, 5);
      expect(await log.size()).toBe(commits.length);
    });
  });
};

const because = (reason: string | undefined): string => (reason === undefined ? "" : ` (skipped: ${reason})`);

const readPages = async (log: CommitLog, stream: string, options?: ReadOptions): Promise<PlainCommit[][]> => {
  const pages = [];
  for await (const page of log.read(stream, options)) pages.push(page.map(plain));
  return pages;
};

const readAll = async (log: CommitLog, stream: string, options?: ReadOptions): Promise<PlainCommit[]> =>
  (await readPages(log, stream, options)).flat();

/** Appends commits of so many events each. */
const fill = async (log: CommitLog, stream: string, counts: readonly number[]): Promise<Commit[]> => {
  const commits: Commit[] = [];
  for (const count of counts) {
    const commit = aCommit(stream, headOf(commits) + 1, { count });
    expect(await log.append(commit)).toBe(true);
    commits.push(commit);
  }
  return commits;
};

/** Several streams of 1 to 5 commits, appended in turns. */
const fillMany = async (log: CommitLog, streams: number): Promise<Commit[]> => {
  const commits: Commit[] = [];
  for (let round = 1; round <= 5; round++) {
    for (let index = 0; index < streams; index++) {
      if (round > 1 + ((index * 3 + 1) % 5)) continue;
      const commit = aCommit(`stream-${index}`, round);
      expect(await log.append(commit)).toBe(true);
      commits.push(commit);
    }
  }
  return commits;
};

const headOf = (commits: readonly Commit[]): number => {
  const newest = commits.at(-1);
  return newest ? lastVersion(newest) : 0;
};

/** Reads the feed until it has given so many commits; fails after 10 seconds. */
const follow = async (log: CommitLog, from: string | undefined, wanted: number, limit = 100) => {
  const commits: PlainCommit[] = [];
  let largestPage = 0;
  let checkpoint = from ?? "";
  for (const deadline = performance.now() + 10_000; ;) {
    const page = await log.feed(checkpoint || undefined, limit);
    ({ checkpoint } = page);
    commits.push(...page.commits.map(plain));
    largestPage = Math.max(largestPage, page.commits.length);
    if (commits.length >= wanted) return { commits, checkpoint, largestPage };
    expect(performance.now(), `${commits.length} of ${wanted} commits`).toBeLessThan(deadline);
  }
};

const scanPages = async (log: CommitLog, options: { segment: number; segments: number; limit?: number }) => {
  const pages: PlainCommit[][] = [];
  let after: string | undefined;
  do {
    const { commits, next } = await log.scan({ ...options, ...(after !== undefined && { after }) });
    pages.push(commits.map(plain));
    after = next;
  } while (after !== undefined);
  return pages;
};

const byStream = (commits: readonly PlainCommit[]): Partial<Record<string, PlainCommit[]>> =>
  Object.groupBy(commits, ({ stream }) => stream);

const isNewRun = (stream: string, index: number, streams: readonly string[]): boolean =>
  stream !== streams[index - 1];

/** Rounds in which writers act at the same time: each looks at a stream's head, or appends on the head it last saw. */
const rounds = fc.array(
  fc.array(
    fc.record({
      writer: fc.nat(2),
      stream: fc.constantFrom("a", "b"),
      action: fc.constantFrom("look", "append", "append"),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  { maxLength: 12 },
);

type Step = { writer: number; stream: string; action: string; count: number };

/** Plays the rounds and checks every answer; answers what each stream must now hold. */
const play = async (log: CommitLog, prefix: string, plan: Step[][]): Promise<Map<string, Commit[]>> => {
  const model = new Map<string, Commit[]>();
  const seen = new Map<string, number>();
  let appended = 0;
  for (const round of plan) {
    const looks = round.filter(({ action }) => action === "look");
    for (const { writer, stream } of looks) {
      seen.set(`${writer} ${stream}`, await log.head(`${prefix}-${stream}`));
    }
    const commits = round
      .filter(({ action }) => action === "append")
      .map(({ writer, stream, count }) =>
        aCommit(`${prefix}-${stream}`, 1 + (seen.get(`${writer} ${stream}`) ?? 0), {
          count,
          commitId: `${appended++}`,
        }),
      );
    const won = await Promise.all(commits.map((commit) => log.append(commit)));
    for (const stream of new Set(commits.map((commit) => commit.stream))) {
      const before = model.get(stream) ?? [];
      const fitting = commits.filter(
        (commit) => commit.stream === stream && commit.version === headOf(before) + 1,
      );
      const winners = commits.filter((commit, index) => commit.stream === stream && won[index]);
      expect(winners).toHaveLength(Math.min(1, fitting.length));
      expect(fitting).toEqual(expect.arrayContaining(winners));
      model.set(stream, [...before, ...winners]);
    }
  }
  return model;
};
