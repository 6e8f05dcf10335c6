import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import readConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import { afterEach, expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const { options, forbidden = [] } = await readConfig(path.join(ROOT, ".dependency-cruiser.mjs"));

type Tree = Record<string, string>;

/** A tiny Hilo in which every arrow is allowed. */
const CLEAN: Tree = {
  "package.json": JSON.stringify({
    type: "module",
    imports: {
      "#core/*": "./packages/core/*",
      "#functions/*": "./packages/functions/*",
      "#local/*": "./packages/local/*",
    },
    dependencies: { "@aws-sdk/client-x": "1", immer: "1", zod: "1" },
    devDependencies: { vitest: "1" },
  }),
  ...npmPackage("@aws-sdk/client-x"),
  ...npmPackage("immer"),
  ...npmPackage("vitest"),
  ...npmPackage("zod"),
  "packages/core/config.ts": importing("zod"),
  "packages/core/events/event.ts": importing("zod"),
  "packages/core/domain/decide.ts": importing("../events/event.ts", "immer"),
  "packages/core/domain/decide.test.ts": importing("vitest", "./decide.ts", "#core/testing/given.ts"),
  "packages/core/views/list.ts": importing("#core/events/event.ts", "immer", "zod"),
  "packages/core/store/handle.ts": importing("#core/domain/decide.ts", "node:crypto"),
  "packages/core/store/dynamo-store.ts": importing("@aws-sdk/client-x", "./handle.ts"),
  "packages/core/clients/model.ts": importing("@aws-sdk/client-x", "#core/events/event.ts"),
  "packages/core/subscriptions.ts": 'import type { x } from "./events/event.ts";\nexport type Y = typeof x;',
  "packages/core/testing/given.ts": importing("vitest", "#core/store/handle.ts"),
  "packages/functions/shared/wiring.ts": importing(
    "@aws-sdk/client-x",
    "#core/clients/model.ts",
    "#core/config.ts",
    "#core/store/dynamo-store.ts",
  ),
  "packages/functions/commands/receive.ts": importing("#functions/shared/wiring.ts"),
  "packages/functions/projections/list.ts": importing("#functions/shared/wiring.ts", "#core/views/list.ts"),
  "packages/functions/queries/get.ts": importing("#functions/shared/wiring.ts"),
  "packages/functions/queries/app.ts": importing("./get.ts"),
  "packages/local/main.ts": importing("#functions/commands/receive.ts", "#core/subscriptions.ts"),
  "packages/cli/main.ts": importing("#local/main.ts"),
  "packages/console/main.ts": importing("./api.ts"),
  "packages/console/api.ts": "export const x = 1;",
  "scripts/generate.ts": importing("#core/events/event.ts"),
  "stacks/bus.ts": importing("../packages/core/subscriptions.ts", "../packages/functions/queries/app.ts"),
  "tests/e2e.test.ts": importing("vitest", "#local/main.ts"),
  "bench/peer.ts": importing("#core/store/handle.ts"),
};

/** One violation per rule, each as a tree of changed or further files. */
const VIOLATIONS: Record<string, Tree> = {
  "core-imports-core-only": { "packages/core/store/x.ts": importing("#functions/shared/wiring.ts") },
  "functions-import-core-only": { "packages/functions/shared/x.ts": importing("../../../stacks/bus.ts") },
  "local-imports-functions-and-core-only": { "packages/local/x.ts": importing("../cli/main.ts") },
  "cli-imports-local-functions-and-core-only": { "packages/cli/x.ts": importing("../../stacks/bus.ts") },
  "stacks-import-functions-and-core-only": { "stacks/x.ts": importing("../scripts/generate.ts") },
  "nobody-imports-local-or-cli": { "packages/functions/shared/x.ts": importing("#local/main.ts") },
  "console-stands-alone": { "packages/console/x.ts": importing("#core/events/event.ts") },
  "product-imports-no-test-code": {
    "packages/local/x.ts":
      'export const f = async () => { using x = await import("#core/testing/given.ts"); return x; };',
  },
  "product-imports-no-development-package": { "packages/local/x.ts": importing("vitest") },
  "events-import-zod-only": { "packages/core/events/x.ts": importing("node:crypto") },
  "domain-imports-events-only": { "packages/core/domain/x.ts": importing("#core/store/handle.ts") },
  "views-import-events-only": { "packages/core/views/x.ts": importing("#core/domain/decide.ts") },
  "clients-import-events-only": { "packages/core/clients/x.ts": importing("#core/config.ts") },
  "subscriptions-import-types-only": { "packages/core/subscriptions.ts": importing("./events/event.ts") },
  "commands-projections-and-queries-do-not-meet": {
    "packages/functions/commands/x.ts": importing("#functions/queries/get.ts"),
  },
  "aws-sdk-stays-at-the-edge": { "packages/functions/commands/x.ts": importing("@aws-sdk/client-x") },
  "no-cycle": {
    "packages/core/store/x.ts": importing("#core/store/y.ts"),
    "packages/core/store/y.ts": 'import type { x } from "./x.ts";\nexport const y: typeof x = 1;',
  },
  "no-orphan": { "packages/core/store/x.ts": "export const x = 1;" },
  resolvable: { "packages/core/store/x.ts": importing("#core/store/nowhere.ts") },
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("a clean tree passes", async () => {
  expect(await rulesThatBite(CLEAN)).toEqual([]);
});

test("every rule has a planted violation", () => {
  expect(new Set(Object.keys(VIOLATIONS))).toEqual(new Set(forbidden.map((rule) => rule.name)));
});

test.each(Object.entries(VIOLATIONS))("%s bites, and nothing else does", async (rule, files) => {
  expect(await rulesThatBite({ ...CLEAN, ...files })).toEqual([rule]);
});

async function rulesThatBite(tree: Tree): Promise<string[]> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "hilo-rules-")));
  folders.push(folder);
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const result = await cruise(
    ["."],
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: folder },
    options?.enhancedResolveOptions,
  );
  const { summary } = result.output as ICruiseResult;
  return [...new Set(summary.violations.map((violation) => violation.rule.name))];
}

function npmPackage(name: string): Tree {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", main: "index.js" }),
    [`node_modules/${name}/index.js`]: "export const x = 1;",
  };
}

function importing(...modules: string[]): string {
  const imports = modules.map((module, index) => `import { x as x${index} } from "${module}";`);
  return [...imports, `export const x = [${modules.map((_, index) => `x${index}`).join(", ")}];`].join("\n");
}
