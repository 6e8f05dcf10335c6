import type { Contender } from "../../harness/contender.ts";
import { mustBe } from "../../shared/clients.ts";
import { bundleAll, loading } from "../../../tests/budgets/bundles.ts";
import { lambdaEnv } from "../../../tests/budgets/lambda-env.ts";
import { reply, times, webhook } from "./work.ts";

const loadsEach = 5;

export const contender: Contender = {
  async open({ roundDir, scaled }) {
    const bundles = await bundleAll(roundDir, lambdaEnv);
    const [bare] = bundles;
    const loaded: string[] = [];
    return {
      async run(time) {
        const rounds = scaled(loadsEach);
        const cpu = await loading(roundDir, bundles, { rounds, env: lambdaEnv });
        for (const { name, bytes } of bundles) {
          const took = cpu.get(name);
          loaded.push(name);
          await time(
            name,
            0,
            () => {},
            () => ({
              "CPU ms": took?.ms ?? Number.NaN,
              [times.cpu]: took?.timesBare ?? Number.NaN,
              KB: bytes / 1024,
              [times.bytes]: bytes / (bare?.bytes ?? Number.NaN),
            }),
          );
        }
      },
      async verify() {
        mustBe(
          "the handlers",
          [webhook, reply].every((name) => loaded.includes(name)),
          true,
        );
      },
    };
  },
};
