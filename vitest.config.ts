import { defineConfig } from "vitest/config";

const INT_TESTS = "{packages,tests}/**/*.int.test.ts";
const REHEARSAL = "tests/rehearsal/**/*.test.ts";
const BROWSER_TESTS = "tests/browser/**/*.test.ts";
const INFRA_TESTS = "tests/infra/**/*.test.ts";
const AWS_TESTS = "tests/e2e/aws/**/*.aws.test.ts";

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    // Of the flags in scripts/run.mjs, the one that concerns tests: node:sqlite still warns that it is experimental.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,tests}/**/*.test.ts"],
          exclude: ["**/node_modules/**", INT_TESTS, BROWSER_TESTS, INFRA_TESTS, AWS_TESTS, REHEARSAL],
          // generous: a slow machine is no failure, and nothing here is about time
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // its histories take as long as they take: what a test waits for is another process
        test: { name: "sim", include: [REHEARSAL], testTimeout: 600_000, maxConcurrency: 2 },
      },
      {
        extends: true,
        test: {
          name: "int",
          include: [INT_TESTS],
          globalSetup: ["tests/support/dynamodb-local/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "infra",
          include: [INFRA_TESTS],
          globalSetup: ["tests/infra/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "aws",
          include: [AWS_TESTS],
          globalSetup: ["tests/e2e/aws/global-setup.ts"],
          setupFiles: ["tests/e2e/aws/logs-on-failure.ts"],
          // They share one Hilo, and some break it for a while.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: "browser", include: [BROWSER_TESTS], testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
});
