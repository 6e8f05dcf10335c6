/** Erases a person. It has no address and no queue: who may invoke it in IAM may erase anybody, and is told what was erased. */
import type { Lambda, Lambdas } from "./lambda.ts";

export const createErasure = ({ lambda }: { lambda: Lambdas }): Lambda => {
  const { access } = lambda;
  return lambda.create("erase-contact", {
    timeoutSec: 60,
    memoryMb: 512,
    grants: [
      access.appendsEvents,
      access.deletesSnapshots,
      access.resolvesIdentities,
      access.keepsViews,
      access.destroysKeys,
    ],
  });
};
