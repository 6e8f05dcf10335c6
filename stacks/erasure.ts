/** Erases a person. It has no address and no queue: who may invoke it in IAM may erase anybody, and is told what was erased. */
import type { Lambdas } from "./lambda.ts";
import { createDeadLetters, guardQueue } from "./queue.ts";

export type Erasure = ReturnType<typeof createErasure>;

const name = "erase-contact";

export const createErasure = ({ lambda }: { lambda: Lambdas }) => {
  const { access } = lambda;
  const deadLetters = createDeadLetters(name);
  guardQueue(`${name}-dead-letters`, deadLetters);
  const eraser = lambda.create(name, {
    timeoutSec: 60,
    memoryMb: 512,
    grants: [
      access.appendsEvents,
      access.deletesSnapshots,
      access.deletesMedia,
      access.resolvesIdentities,
      access.keepsViews,
      access.destroysKeys,
      access.sendsTo(deadLetters),
    ],
  });
  // Who invokes it without waiting is told nothing: what failed three times is kept, with whom it was about.
  new aws.lambda.FunctionEventInvokeConfig("EraseContactInvocations", {
    functionName: eraser.fn.name,
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 6 * 3600,
    destinationConfig: { onFailure: { destination: deadLetters.arn } },
  });
  return { lambda: eraser, deadLetters };
};
