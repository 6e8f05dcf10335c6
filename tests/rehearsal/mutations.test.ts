/** The checker is checked: every way of doing it wrong is caught. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { report, sim } from "./child.ts";
import { mutations } from "./mutations.ts";

const seedsMax = 100;

describe.concurrent("a rehearsal of Hilo with", () => {
  const drawn = mutations.filter(({ of }) => of !== "found");
  it.for(drawn)(
    "$name ($of) breaks a promise within 100 histories",
    { timeout: 600_000 },
    async ({ name }, { expect }) => {
      const { failure, seeds } = report(
        await sim(["--seeds", String(seedsMax), "--no-shrink", "--json"], name),
      );
      expect(failure).toMatchObject({ invariant: expect.stringMatching(/^[SLD]\d+$/) as string });
      expect(seeds).toBeLessThanOrEqual(seedsMax);
    },
  );

  const found = mutations.filter(({ of }) => of === "found");
  it.for(found)(
    "$name breaks the promise that it broke when it was found",
    { timeout: 600_000 },
    async ({ name }, { expect }) => {
      const plan = fileURLToPath(new URL(`regressions/${name}.json`, import.meta.url));
      const { failure } = report(await sim(["--plan", plan, "--no-shrink", "--json"], name));
      expect(failure).toMatchObject({ invariant: expect.stringMatching(/^[SLD]\d+$/) as string });
    },
  );
});

describe("mutations", () => {
  it("are the nine that the design plants, one at least for each of D4 to D11, and what was found", () => {
    expect(mutations.filter(({ of }) => of === "planted")).toHaveLength(9);
    for (const decision of ["D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11"])
      expect(mutations.some(({ of }) => of === decision)).toBe(true);
    for (const { name } of mutations.filter(({ of }) => of === "found"))
      expect(existsSync(new URL(`regressions/${name}.json`, import.meta.url))).toBe(true);
  });

  it("that have no line to change any more are an error", async () => {
    const { code, stderr } = await sim(["--help"], "no-such-mutation");
    expect(code).not.toBe(0);
    expect(stderr).toContain('there is no mutation "no-such-mutation"');
  });
});
