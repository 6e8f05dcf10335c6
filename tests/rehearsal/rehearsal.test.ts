import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { report, sim } from "./child.ts";
import { rehearse } from "./history.ts";
import { planOf } from "./plan.ts";

const regressions = readdirSync(new URL("regressions/", import.meta.url)).filter((name) =>
  name.endsWith(".json"),
);
const fileOf = (name: string) => fileURLToPath(new URL(`regressions/${name}`, import.meta.url));

describe("the rehearsal", () => {
  it("breaks no promise in 200 histories, and sees all that may happen", { timeout: 600_000 }, async () => {
    const ran = await sim(["--seeds", "200", "--json"]);
    expect(report(ran)).toMatchObject({ seeds: 200, missing: [] });
    expect(report(ran).failure).toBeUndefined();
    expect(ran.code).toBe(0);
  });

  it("is the same history for the same seed", { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const [once, again] = [await rehearse(planOf(seed)), await rehearse(planOf(seed))];
      expect(again.traceHash).toBe(once.traceHash);
      expect(again.faults).toEqual(once.faults);
    }
  });

  it("is the same history from what went wrong in it", { timeout: 600_000 }, async () => {
    for (const seed of [3, 14, 23]) {
      const drawn = await rehearse(planOf(seed));
      expect((await rehearse({ ...drawn.plan, faults: [...drawn.faults] })).traceHash).toBe(drawn.traceHash);
    }
  });

  it("is another history for another seed", async () => {
    const [one, other] = [await rehearse(planOf(1)), await rehearse(planOf(2))];
    expect(other.traceHash).not.toBe(one.traceHash);
  });

  it.each(regressions)("breaks no promise any more in %s", { timeout: 600_000 }, async (name) => {
    expect(report(await sim(["--plan", fileOf(name), "--json"])).failure).toBeUndefined();
  });
});

describe("npm run sim", () => {
  it("says what it can do", async () => {
    const { code, stdout } = await sim(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--seeds <count>");
  });

  it.each([
    [["--seeds", "none"], '--seeds takes a whole number from 1 on, not "none"'],
    [["--seed", "0"], '--seed takes a whole number from 1 on, not "0"'],
    [["--plan", "nowhere.json"], "there is no file nowhere.json"],
    [["--plan", "package.json"], "package.json holds no plan of a history"],
    [["--sedes", "3"], "--sedes"],
    [["3"], "3"],
  ])("refuses %j", async (args, reason) => {
    const { code, stdout, stderr } = await sim(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
  });

  it("shows every step of one history, and the same again", async () => {
    const [once, again] = await Promise.all([
      sim(["--seed", "3", "--trace"]),
      sim(["--seed", "3", "--trace"]),
    ]);
    const steps = ({ stdout }: typeof once) => stdout.replace(/in [\d.]+ s.*/, "");
    expect(steps(again)).toBe(steps(once));
    expect(once.stdout).toMatch(/^\S+ {2}\w/);
  });
});
