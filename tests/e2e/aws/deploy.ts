/**
 * Makes what the stacks declare, on the emulator, in their order. What `sst deploy` learns from AWS on the way (ids,
 * ARNs, addresses) takes the place of what `tests/infra/synth/mocks.mjs` answered while the stacks were evaluated.
 */
import type { Graph, Resource } from "../../infra/graph.ts";
import type { Aws } from "./clients.ts";
import type { Create, Outputs } from "./resources/resource.ts";

export type Deployed = {
  /** What was asked for, with the real ids in it, by the resource's logical name. Throws on unknown names. */
  inputs(type: string, name: string): Record<string, unknown>;
  /** What became of it. */
  outputs(type: string, name: string): Outputs;
};

type Tables = {
  /** How each type is made. */
  creators: Record<string, Create>;
  /** The types that aren't made, and why. */
  skipped: Record<string, string>;
};

/** Throws before it makes anything when a type is in neither table, or in both. */
export const deploy = async (graph: Graph, { creators, skipped }: Tables, aws: Aws): Promise<Deployed> => {
  checkTypes(graph, { creators, skipped });
  const made = new Map<string, { inputs: Record<string, unknown>; outputs: Outputs }>();
  const real = new Map<string, string>();
  for (const resource of graph.resources.filter(({ custom }) => custom)) {
    const inputs = withReal(resource.inputs, real) as Record<string, unknown>;
    const create = creators[resource.type];
    const outputs = create ? await attempt(resource, () => create(inputs, aws, resource.name)) : {};
    made.set(`${resource.type} ${resource.name}`, { inputs, outputs });
    for (const [evaluated, known] of differences(resource, outputs)) real.set(evaluated, known);
  }
  const find = (type: string, name: string) => {
    const found = made.get(`${type} ${name}`);
    if (!found) throw new Error(`the stacks declare no ${type} ${name}`);
    return found;
  };
  return {
    inputs: (type, name) => find(type, name).inputs,
    outputs: (type, name) => find(type, name).outputs,
  };
};

const checkTypes = ({ resources }: Graph, { creators, skipped }: Tables): void => {
  const names = Map.groupBy(
    resources.filter(({ custom }) => custom),
    ({ type }) => type,
  );
  const faults = [...names].flatMap(([type, of]) => {
    const tables = [creators, skipped].filter((table) => Object.hasOwn(table, type)).length;
    if (tables === 1) return [];
    const which = `${type} (${of.map(({ name }) => name).join(", ")})`;
    return [
      tables === 0
        ? `can't make ${which}: teach it, or say why it is skipped`
        : `both makes and skips ${which}`,
    ];
  });
  if (faults.length > 0) throw new Error(faults.map((fault) => `the deployer ${fault}`).join("\n"));
};

const attempt = async ({ type, name }: Resource, create: () => Promise<Outputs>): Promise<Outputs> => {
  try {
    return await create();
  } catch (error) {
    throw new Error(`${type} ${name} could not be made: ${String(error)}`, { cause: error });
  }
};

/** From what was evaluated to what is real, where they differ. Throws where that could stand for something else too. */
const differences = ({ type, name, id, inputs, outputs }: Resource, real: Outputs): [string, string][] => {
  const evaluated: Record<string, unknown> = { ...outputs, id };
  return Object.entries(real).flatMap(([output, value]): [string, string][] => {
    const before = evaluated[output];
    if (typeof before !== "string" || before === value) return [];
    if (Object.values(inputs).includes(before))
      throw new Error(
        `mocks.mjs answers ${type} ${name} with the ${output} "${before}", which is an input too`,
      );
    return [[before, value]];
  });
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Replaces ids and ARNs wherever they stand for themselves: in a policy or an address, and not within another name. */
const withReal = (value: unknown, known: ReadonlyMap<string, string>): unknown => {
  if (known.size === 0) return value;
  if (typeof value === "string") {
    const longestFirst = [...known.keys()].toSorted((a, b) => b.length - a.length);
    const any = new RegExp(`(?<![\\w-])(${longestFirst.map(escaped).join("|")})(?![\\w-])`, "g");
    return value.replace(any, (found) => known.get(found) ?? found);
  }
  if (Array.isArray(value)) return value.map((each) => withReal(each, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withReal(each, known)]));
};
