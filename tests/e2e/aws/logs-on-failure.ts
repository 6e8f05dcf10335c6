/** What the emulator and the Lambdas said meanwhile, for whoever reads why a test failed. */
import { readFile } from "node:fs/promises";
import { DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { beforeEach, inject } from "vitest";
import { awsClients } from "./clients.ts";

const linesMax = 100;

beforeEach(({ onTestFailed }) => {
  const startTime = Date.now();
  onTestFailed(async () => {
    const { endpoint, logFile } = inject("emulated");
    print("MiniStack", (await readFile(logFile, "utf8")).split("\n"));
    const { logs } = awsClients(endpoint);
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/" }),
    );
    for (const { logGroupName = "" } of logGroups) {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
      print(
        logGroupName,
        events.map(({ message = "" }) => message),
      );
    }
  });
});

/** What is said of every invocation, of every new process, and of every event for the archive, which isn't there. */
const isUsual = /^$|^(START|END|REPORT) RequestId|url\.parse|--trace-deprecation|unsupported target type/;

const print = (who: string, all: readonly string[]): void => {
  const lines = all.filter((line) => !isUsual.test(line)).slice(-linesMax);
  if (lines.length > 0) console.error([`--- ${who}`, ...lines].join("\n"));
};
