// The arrows of docs/architecture.md. tests/house/dependency-rules.test.ts plants one violation of each rule.

import swcVisitor from "@swc/core/Visitor.js";

const TEST_CODE = "\\.(test|contract)\\.ts$|^packages/[^/]+/testing/|^(tests|bench)/";
const FUNCTIONS_ENTRY = "^packages/functions/(commands|projections|queries)/";

export default {
  forbidden: [
    {
      name: "core-imports-core-only",
      from: { path: "^packages/core/" },
      to: { path: "^(packages/(functions|console)|stacks|scripts|bench)/" },
    },
    {
      name: "functions-import-core-only",
      from: { path: "^packages/functions/" },
      to: { path: "^(packages/console|stacks|scripts|bench)/" },
    },
    {
      name: "local-imports-functions-and-core-only",
      from: { path: "^packages/local/" },
      to: { path: "^(packages/(cli|console)|stacks|scripts|bench)/" },
    },
    {
      name: "cli-imports-local-functions-and-core-only",
      from: { path: "^packages/cli/", pathNot: "^packages/cli/hilo\\.mjs$" },
      to: { path: "^(packages/console|stacks|scripts|bench)/" },
    },
    {
      name: "stacks-import-functions-and-core-only",
      from: { path: "^(stacks/|sst\\.config\\.ts$)" },
      to: { path: "^(packages/console|scripts|bench)/" },
    },
    {
      name: "nobody-imports-local-or-cli",
      from: { pathNot: "^(packages/(local|cli|console)|tests|bench)/" },
      to: { path: "^packages/(local|cli)/" },
    },
    {
      name: "console-stands-alone",
      comment: "It knows the API by types generated into its own folder.",
      from: { path: "^packages/console/", pathNot: TEST_CODE },
      to: { pathNot: "^(packages/console|node_modules)/" },
    },
    {
      name: "product-imports-no-test-code",
      from: { path: "^(packages|stacks|scripts)/", pathNot: TEST_CODE },
      to: { path: TEST_CODE, pathNot: "^bench/" },
    },
    {
      name: "product-imports-no-development-package",
      from: { path: "^packages/", pathNot: TEST_CODE },
      // SST's reader of secrets goes into each bundle, which its own program makes.
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "^node_modules/sst/" },
    },
    {
      name: "events-import-zod-only",
      from: { path: "^packages/core/events/", pathNot: TEST_CODE },
      to: { pathNot: ["^packages/core/events/", "^node_modules/zod/", "^packages/(?!core/)", TEST_CODE] },
    },
    {
      name: "domain-imports-events-only",
      from: { path: "^packages/core/domain/", pathNot: TEST_CODE },
      to: {
        pathNot: [
          "^packages/core/(domain|events)/",
          "^node_modules/immer/",
          "^packages/(?!core/)",
          TEST_CODE,
        ],
      },
    },
    {
      name: "views-import-events-only",
      from: { path: "^packages/core/views/", pathNot: TEST_CODE },
      to: {
        pathNot: [
          "^packages/core/(views|events)/",
          "^node_modules/(immer|zod)/",
          "^packages/(?!core/)",
          TEST_CODE,
        ],
      },
    },
    {
      name: "clients-import-events-only",
      from: { path: "^packages/core/clients/", pathNot: TEST_CODE },
      to: { path: "^packages/core/(?!clients/|events/|testing/)" },
    },
    {
      name: "subscriptions-import-types-only",
      from: { path: "^packages/core/(subscriptions|views/heeds)\\.ts$" },
      to: {
        path: "^packages/core/|^node_modules/",
        pathNot: "^packages/core/views/heeds\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "commands-projections-and-queries-do-not-meet",
      from: { path: FUNCTIONS_ENTRY, pathNot: TEST_CODE },
      to: { path: FUNCTIONS_ENTRY, pathNot: "^packages/functions/$1/" },
    },
    {
      name: "aws-sdk-stays-at-the-edge",
      from: {
        path: "^packages/",
        pathNot: [
          "^packages/core/(store/(dynamo|sqs)-[^/]+\\.ts$|clients/)",
          "^packages/functions/shared/",
          TEST_CODE,
        ],
      },
      to: { path: "^node_modules/@(aws-sdk|smithy)/" },
    },
    { name: "no-cycle", from: {}, to: { circular: true } },
    {
      name: "no-orphan",
      from: { orphan: true, pathNot: "\\.d\\.ts$" },
      to: {},
    },
    // There is only @types/aws-lambda, where the compiler finds it.
    { name: "resolvable", from: {}, to: { couldNotResolve: true, pathNot: "^aws-lambda$" } },
  ].map((rule) => ({ severity: "error", ...rule })),
  options: {
    doNotFollow: { path: "^(bench/)?node_modules/" },
    // SST's own components, laid out by scripts/sst-platform.mjs.
    // The last is what imports the benchmark's peers, which are only there once it has run.
    exclude: {
      path: [
        "^\\.sst/",
        "^bench/(node_modules|peers|works/[^/]+/(castore|emmett|emmett-batches|ocoda)\\.ts$)",
      ],
    },
    // TypeScript 7 has no JavaScript API, so another parser reads the files.
    parser: "swc",
    enhancedResolveOptions: {
      extensions: [".ts", ".mjs", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};

// The parser reads `using`, but the visitor of its tree stops there with "Unknown statement type: UsingDeclaration".
const { prototype } = swcVisitor.Visitor;
const { visitStatement } = prototype;
prototype.visitStatement = function (statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};
