/** The publisher stands between all that was stored and everyone who hears of it. Whatever becomes of it, nothing is lost. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { expect, inject, it } from "vitest";
import { awsClients } from "./clients.ts";
import { answered, conversationsOf, newPhones, receive } from "./hilo.ts";
import { deadLettersOf, functionName, messagesIn } from "./resource-names.ts";

const { endpoint, pid: emulator } = inject("emulated");
const { iam, lambda } = awsClients(endpoint);
const publisher = { FunctionName: functionName("publish-events") };

const write = async (phones: readonly string[]): Promise<void> => {
  for (const phone of phones)
    expect(await receive({ phone, wamid: `wamid.${phone}`, text: "When do you open?" })).toBe(200);
};

/** Each was heard once and answered once, and nothing was given up. */
const expectNothingLost = async (phones: readonly string[]): Promise<void> => {
  for (const conversation of await answered(phones))
    expect(conversation).toMatchObject({ received: 1, sent: 1 });
  expect(await messagesIn(await deadLettersOf("publish-events"))).toBe(0);
};

/** Each breaks the publisher, and answers what repairs it. */
const breakages: Record<string, () => Promise<() => Promise<unknown>>> = {
  async "it is switched off"() {
    await lambda.send(new PutFunctionConcurrencyCommand({ ...publisher, ReservedConcurrentExecutions: 0 }));
    return () => lambda.send(new DeleteFunctionConcurrencyCommand(publisher));
  },

  async "EventBridge can't be reached"() {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand(publisher));
    const useEnvironment = (Variables: Record<string, string>) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ ...publisher, Environment: { Variables } }));
    const before = Environment?.Variables ?? {};
    await useEnvironment({ ...before, AWS_ENDPOINT_URL_EVENTBRIDGE: "http://127.0.0.1:9" });
    return () => useEnvironment(before);
  },

  async "its role may not publish"() {
    const { Role = "" } = await lambda.send(new GetFunctionConfigurationCommand(publisher));
    const inline = { RoleName: Role.slice(Role.lastIndexOf("/") + 1), PolicyName: "inline" };
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(inline));
    const before = decodeURIComponent(PolicyDocument);
    const use = (document: string) =>
      iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: document }));
    await use(before.replace("events:PutEvents", "events:DescribeEventBus"));
    return () => use(before);
  },
};

it.each(Object.entries(breakages))("nothing is lost while %s", async (_, breakIt) => {
  const phones = newPhones(5);
  const repair = await breakIt();
  try {
    await write(phones);
    await sleep(3_000);
    expect(await conversationsOf(phones)).toEqual([]);
  } finally {
    await repair();
  }
  await expectNothingLost(phones);
});

it.runIf(process.platform === "linux")("nothing is lost while it is killed, again and again", async () => {
  const phones = newPhones(15);
  const killed = killing("publish-events", 5);
  await write(phones);
  expect(await killed).toBeGreaterThanOrEqual(5);
  await expectNothingLost(phones);
});

/** Kills whatever runs the Lambda, as soon as it runs, at least so many times; answers how often. */
const killing = async (name: string, times: number): Promise<number> => {
  let kills = 0;
  for (; kills < times; await sleep(100))
    for (const pid of processesOf(name)) {
      process.kill(pid, "SIGKILL");
      kills++;
    }
  return kills;
};

/** The processes in which the emulator runs a Lambda: of its own group, and from a folder that it names so. */
const processesOf = (name: string): number[] =>
  readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const [, group] = /^\d+ \(.*\) \w \d+ (\d+) /.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
      const isOurs = Number(group) === emulator;
      const command = readFileSync(`/proc/${entry}/cmdline`, "utf8");
      return isOurs && command.includes(`ministack-lambda-${functionName(name)}-`) ? [Number(entry)] : [];
    } catch {
      // It is over.
      return [];
    }
  });
