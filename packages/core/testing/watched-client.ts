import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export type Request = { command: string; input: Record<string, unknown>; output: Record<string, unknown> };

/** Sees each request of a client: `before` may throw in its stead, `after` once it was answered. */
export const watch = (
  client: DynamoDBClient,
  { before, after }: { before?: (request: Request) => void; after?: (request: Request) => void },
): void => {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const request = { command: commandName, input: args.input as Request["input"], output: {} };
        before?.(request);
        const answer = await next(args);
        after?.({ ...request, output: answer.output as unknown as Request["output"] });
        return answer;
      },
    { step: "initialize" },
  );
};
