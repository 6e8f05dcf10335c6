/** Slips in the stacks themselves, each evaluated anew, and all the rules that notice it. */
import { expect, test } from "vitest";
import { rules } from "./rules.ts";
import { synthGraph, type Slip } from "./synth.ts";

const slips: Record<string, Slip & { noticed: string[] }> = {
  "SST's faults are left open": {
    file: "sst.config.ts",
    from: "closeKnownFaults();",
    to: "",
    noticed: ["each role is one service's, never an account's"],
  },
  "a table is linked whole": {
    file: "stacks/access.ts",
    from: "actions: actions.map((action) => `dynamodb:${action}`)",
    to: 'actions: ["dynamodb:*"]',
    noticed: [
      "no role has a wildcard for an action or a resource",
      "nothing but IAM lets anybody erase a person, and only that function destroys keys",
      "rates and circuits are held by who sends, asks the model or hears of refusals",
      "each function may ask DynamoDB and KMS only for what its code can ask",
    ],
  },
  "a target without dead letters": {
    file: "stacks/routing.ts",
    from: "deadLetterConfig: { arn: deadLetters.arn },",
    to: "",
    noticed: ["each target has dead letters and bounded retries"],
  },
  "another key for the tables": {
    file: "stacks/data.ts",
    from: "serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },",
    to: "",
    noticed: ["tables are paid by request and encrypted with our key"],
  },
  "an open query API": {
    file: "stacks/api.ts",
    from: "auth: { custom: checked.id },",
    to: "",
    noticed: ["whatever is not open on purpose asks the authorizer"],
  },
  "a secret too many": {
    file: "stacks/routing.ts",
    from: "memoryMb: 256,\n  grants: [access.readsEvents",
    to: "memoryMb: 256, secrets: [], environment: { HILO_EXTRA: 'x' },\n  grants: [access.readsEvents",
    noticed: ["each function's environment is what its code reads"],
  },
};

test.concurrent.each(Object.entries(slips))("a slip is noticed: %s", async (name, { noticed, ...slip }) => {
  const broken = await synthGraph("production", `slip-${name.replaceAll(/\W/g, "-")}`, { slip });
  const failing = Object.entries(rules).filter(([, { check }]) => check(broken).length > 0);
  expect(failing.map(([rule]) => rule)).toEqual(noticed);
});

test("a setting that can't be used is named before anything is declared", async () => {
  const settings = { HILO_TRACING: "otel", HILO_DOMAIN: "not a domain", HILO_GRAPH_VERSION: "latest" };
  await expect(synthGraph("ana", "wrong-settings", { settings })).rejects.toThrow(
    /HILO_GRAPH_VERSION: .*\n.*HILO_DOMAIN: .*\n.*HILO_TRACING: /,
  );
});
