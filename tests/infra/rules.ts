import { accessRules } from "./access.rules.ts";
import { answersRules } from "./answers.rules.ts";
import { dataRules } from "./data.rules.ts";
import { edgeRules } from "./edge.rules.ts";
import type { Rule } from "./graph.ts";
import { networkRules } from "./network.rules.ts";
import { operationsRules } from "./operations.rules.ts";
import { routingRules } from "./routing.rules.ts";

/** Everything that must hold of what is deployed. */
export const rules: Record<string, Rule> = {
  ...routingRules,
  ...accessRules,
  ...dataRules,
  ...edgeRules,
  ...operationsRules,
  ...answersRules,
  ...networkRules,
};

/** Of these, those that hold of what only a graph with a cache has. */
export const ofTheCache: ReadonlySet<string> = new Set(Object.keys(networkRules));
