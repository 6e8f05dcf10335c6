import { beforeEach, describe, expect, it, vi } from "vitest";
import { sqliteCircuits } from "../store/sqlite-circuits.ts";
import { temporarySqlite } from "../testing/temporary.ts";
import { circuits, openMsMax, openMsMin, readAgainMs } from "./circuit-breaker.ts";
import type { CircuitStore, Circuits } from "./circuits.ts";

const start = Date.parse("2026-11-02T10:00:00.000Z");
const minute = 60_000;

type Answer = "well" | "down" | "neither";

let now: number;
let store: CircuitStore;
let written: string[];
let reads: number;
let faults: unknown[];
let here: Circuits;
let there: Circuits;

/** A store that counts, and whose writes are told by name. */
const counting = (inner: CircuitStore): CircuitStore => ({
  read: (name) => {
    reads += 1;
    return inner.read(name);
  },
  open: (...args) => {
    written.push("open");
    return inner.open(...args);
  },
  claimProbe: (...args) => {
    written.push("claim");
    return inner.claimProbe(...args);
  },
  close: (...args) => {
    written.push("close");
    return inner.close(...args);
  },
});

beforeEach(() => {
  now = start;
  written = [];
  reads = 0;
  faults = [];
  store = counting(sqliteCircuits(temporarySqlite()));
  const breaker = () =>
    circuits({ store, clock: () => new Date(now), report: (fault) => faults.push(fault) });
  here = breaker();
  there = breaker();
});

const failed = (answer: Answer) => (answer === "neither" ? undefined : answer === "down");
const ask = (answer: Answer, by = here) => by.guard("graph", async () => answer, failed);
const askTimes = async (count: number, answer: Answer, by = here) => {
  for (let asked = 0; asked < count; asked += 1) await ask(answer, by);
};
const isOpen = async (by = here) => !(await ask("neither", by)).made;
const stopped = { made: false, reopensAtMs: start + openMsMin };

describe("a circuit of five failures", () => {
  it.each([
    { answers: "down ".repeat(4), open: false },
    { answers: "down ".repeat(5), open: true },
    { answers: "down down down down well down down down down", open: false },
    { answers: "down down down down neither down", open: true },
    { answers: "neither ".repeat(9), open: false },
    { answers: "well ".repeat(9), open: false },
  ])("is open after $answers: $open", async ({ answers, open }) => {
    for (const answer of answers.trim().split(" ")) await ask(answer as Answer);
    expect(await isOpen()).toBe(open);
  });

  it("counts what a call throws, and throws it", async () => {
    const fault = new Error("hang up");
    const call = () =>
      here.guard(
        "graph",
        () => Promise.reject(fault),
        () => false,
      );
    for (let failure = 1; failure <= 5; failure += 1) await expect(call()).rejects.toBe(fault);
    expect(await call()).toEqual(stopped);
  });

  it("is another circuit's business no more than its name", async () => {
    await askTimes(5, "down");
    expect(
      await here.guard(
        "model",
        async () => "well",
        () => false,
      ),
    ).toMatchObject({ made: true });
  });

  it("writes nothing and reads once a second while it is closed", async () => {
    await askTimes(20, "well");
    now += readAgainMs - 1;
    await ask("well");
    expect({ reads, written }).toEqual({ reads: 1, written: [] });
    now += 1;
    await ask("well");
    expect({ reads, written }).toEqual({ reads: 2, written: [] });
  });

  it("goes on counting over more than a second", async () => {
    for (let failure = 1; failure <= 5; failure += 1) {
      await ask("down");
      now += readAgainMs;
    }
    expect(written).toEqual(["open"]);
  });

  it("is written once when 100 calls fail at once, and closed by no success among them", async () => {
    const ends: ((answer: Answer) => void)[] = [];
    const calls = Array.from({ length: 102 }, () =>
      here.guard("graph", () => new Promise<Answer>((resolve) => ends.push(resolve)), failed),
    );
    await vi.waitFor(() => expect(ends).toHaveLength(102));
    const answers = Array.from(ends, (_, index): Answer => (index === 50 ? "well" : "down"));
    for (const [index, answer] of answers.entries()) ends[index]?.(answer);
    await Promise.all(calls);
    expect(written).toEqual(["open"]);
    expect(await isOpen()).toBe(true);
  });

  it("stops another process within a second", async () => {
    await ask("well", there);
    await askTimes(5, "down");
    now += readAgainMs - 1;
    expect(await ask("well", there)).toMatchObject({ made: true });
    now += 1;
    expect(await ask("well", there)).toEqual(stopped);
  });
});

describe("an open circuit", () => {
  beforeEach(async () => {
    await askTimes(5, "down");
    written = [];
  });

  it("makes no call, writes nothing, and says when it reopens", async () => {
    const call = vi.fn<() => Promise<string>>(async () => "well");
    now += openMsMin - 1;
    expect(await here.guard("graph", call, () => false)).toEqual(stopped);
    expect(call).not.toHaveBeenCalled();
    expect(written).toEqual([]);
  });

  it("lets one of 100 callers in each of two processes probe, and the others wait a second", async () => {
    now += openMsMin;
    reads = 0;
    const calls = vi.fn<() => Promise<string>>(async () => "well");
    const guarded = await Promise.all(
      Array.from({ length: 200 }, (_, caller) =>
        (caller % 2 ? here : there).guard("graph", calls, () => false),
      ),
    );
    expect(calls).toHaveBeenCalledTimes(1);
    expect(guarded.filter(({ made }) => made)).toHaveLength(1);
    expect(guarded.filter(({ made }) => !made)).toEqual(
      Array.from({ length: 199 }, () => ({ made: false, reopensAtMs: now + readAgainMs })),
    );
    expect({ reads, written }).toEqual({ reads: 2, written: ["claim", "claim", "close"] });
  });

  it("is closed for all by a probe that went well, and counts from nought", async () => {
    now += openMsMin;
    await ask("well");
    expect(written).toEqual(["claim", "close"]);
    await askTimes(4, "down");
    expect([await isOpen(here), await isOpen(there)]).toEqual([false, false]);
  });

  it("is open for twice as long after each probe that failed, up to five minutes, whoever probes", async () => {
    const openFor: number[] = [];
    let openMs = openMsMin;
    for (let probe = 1; probe <= 7; probe += 1) {
      now += openMs;
      const prober = probe % 2 ? here : there;
      await ask("down", prober);
      const guarded = await ask("well", prober);
      openMs = guarded.made ? 0 : guarded.reopensAtMs - now;
      openFor.push(openMs / 1_000);
    }
    expect(openFor).toEqual([20, 40, 80, 160, 300, 300, 300]);
    expect(openMsMax).toBe(5 * minute);
  });

  it("is open for longer after a probe that throws", async () => {
    now += openMsMin;
    const call = () => Promise.reject(new Error("hang up"));
    await expect(here.guard("graph", call, () => false)).rejects.toThrow("hang up");
    expect(await ask("well")).toEqual({ made: false, reopensAtMs: now + 2 * openMsMin });
  });

  it("has another probe at once after one that says nothing about the service", async () => {
    now += openMsMin;
    await ask("neither");
    expect(await ask("well", there)).toMatchObject({ made: true });
    expect(written).toEqual(["claim", "open", "claim", "close"]);
  });

  it("has another probe a minute after one that never ended", async () => {
    now += openMsMin;
    void here.guard(
      "graph",
      () => new Promise(() => {}),
      () => false,
    );
    await vi.waitFor(() => expect(written).toEqual(["claim"]));
    now += minute - 1;
    expect(await ask("well", there)).toMatchObject({ made: false });
    now += readAgainMs;
    expect(await ask("well", there)).toMatchObject({ made: true });
  });

  it("is measured from the end of the probe", async () => {
    now += openMsMin;
    await here.guard(
      "graph",
      async () => void (now += 30_000),
      () => true,
    );
    expect(await ask("well")).toEqual({ made: false, reopensAtMs: now + 2 * openMsMin });
  });
});

describe("a circuit that was tripped", () => {
  it("is open at once and for as long as that", async () => {
    await here.trip("graph", start + 15 * minute);
    now += 15 * minute - 1;
    expect(await ask("well")).toEqual({ made: false, reopensAtMs: start + 15 * minute });
    now += 1;
    expect(await ask("well")).toMatchObject({ made: true });
    expect(await isOpen()).toBe(false);
  });

  it("is not closed by a probe that was under way", async () => {
    await askTimes(5, "down");
    now += openMsMin;
    await here.guard(
      "graph",
      () => there.trip("graph", now + 15 * minute),
      () => false,
    );
    expect(await ask("well")).toEqual({ made: false, reopensAtMs: now + 15 * minute });
  });

  it("is not opened for less by failures", async () => {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const call = here.guard("graph", () => promise, failed);
    await askTimes(4, "down");
    await here.trip("graph", start + 15 * minute);
    resolve("down");
    await call;
    now += readAgainMs;
    expect(await ask("well")).toEqual({ made: false, reopensAtMs: start + 15 * minute });
  });
});

describe("a store that fails", () => {
  const fault = new Error("throttled");
  const broken = async () => {
    throw fault;
  };

  it("before the call is thrown, and the call is not made", async () => {
    store.read = broken;
    const call = vi.fn<() => Promise<string>>(async () => "well");
    await expect(here.guard("graph", call, () => false)).rejects.toBe(fault);
    expect(call).not.toHaveBeenCalled();
  });

  it("after the call is reported, and the call's own result is answered", async () => {
    store.open = broken;
    await askTimes(4, "down");
    expect(await ask("down")).toEqual({ made: true, result: "down" });
    expect(faults).toEqual([fault]);
  });

  it("after a call that threw does not hide what it threw", async () => {
    store.open = broken;
    await askTimes(4, "down");
    const call = () => Promise.reject(new Error("hang up"));
    await expect(here.guard("graph", call, () => false)).rejects.toThrow("hang up");
    expect(faults).toEqual([fault]);
  });
});
