/** What the page's panel of faults asks for. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { answer } from "./answer.ts";
import { FaultName, faultNames, faults as faultTable } from "./faults.ts";
import { FaultScope, type FaultSwitches } from "./fault-switches.ts";
import { LimitName, limitNames, type Limits, limitTable } from "./limits.ts";

type Deps = { faults: FaultSwitches; limits: Limits; isCustomer: (id: string) => boolean };

const bytesMax = 4 * 1024;
const On = z.object({ on: z.boolean() });

export const faultRoutes = ({ faults, limits, isCustomer }: Deps): Hono => {
  const app = new Hono();
  const small = bodyLimit({ maxSize: bytesMax });
  const state = () => {
    const on = faults.list();
    return {
      faults: faultNames.map((name) => {
        const { group, title, line } = faultTable[name];
        const scope = on.get(name);
        return { name, group, title, line, ...(scope && { on: scope }) };
      }),
      limits: limitNames.map((name) => {
        const { title, line } = limitTable[name];
        return { name, title, line, on: limits.isOn(name) };
      }),
    };
  };

  app.get("/faults", () => answer(state()));
  app.put("/faults/:fault", small, async ({ req }) => {
    const name = FaultName.parse(req.param("fault"));
    const scope = FaultScope.parse(await req.json());
    if (scope.customer !== undefined && !isCustomer(scope.customer))
      return answer({ refused: "There is no such customer any more." });
    faults.on(name, scope);
    return answer(state());
  });
  app.delete("/faults/:fault", ({ req }) => {
    faults.off(FaultName.parse(req.param("fault")));
    return answer(state());
  });
  /** As in the beginning: no faults, all limits. */
  app.delete("/faults", () => {
    faults.reset();
    for (const name of limitNames) limits.set(name, true);
    return answer(state());
  });
  app.put("/limits/:limit", small, async ({ req }) => {
    limits.set(LimitName.parse(req.param("limit")), On.parse(await req.json()).on);
    return answer(state());
  });
  return app;
};
