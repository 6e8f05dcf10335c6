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
import { afterEach, expect, inject, it } from "vitest";
import { awsClients } from "./clients.ts";
import { answered, conversationsOf, newPhones, receive } from "./hilo.ts";
import { deadLettersOf, functionName, messagesIn } from "./resource-names.ts";

const { endpoint, pid: emulator } = inject("emulated");
const { iam, lambda } = awsClients(endpoint);
const publisher = { FunctionName: functionName("publish-events") };

afterEach(async () => {
  expect(await messagesIn(await deadLettersOf("publish-events"))).toBe(0);
});

const write = async (phones: readonly string[]): Promise<void> => {
  for (const phone of phones)
    expect(await receive({ phone, wamid: `wamid.${phone}`, text: "When do you open?" })).toBe(200);
};

/** Everyone writes while it is broken, nobody hears of it, and once it is repaired each has one answer. */
const losesNothing = async (breaking: () => Promise<() => Promise<unknown>>): Promise<void> => {
  const phones = newPhones(5);
  const repair = await breaking();
  try {
    await write(phones);
    await sleep(3_000);
    expect(await conversationsOf(phones)).toEqual([]);
  } finally {
    await repair();
  }
  for (const conversation of await answered(phones)) expect(conversation).toMatchObject({ received: 1, sent: 1 });
};

it("nothing is lost while it is switched off", () =>
  losesNothing(async () => {
    await lambda.send(
      new PutFunctionConcurrencyCommand({ ...publisher, ReservedConcurrentExecutions: 0 }),
    );
    return () => lambda.send(new DeleteFunctionConcurrencyCommand(publisher));
  }));

it("nothing is lost while EventBridge can't be reached", () =>
  losesNothing(async () => {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand(publisher));
    const useEnvironment = (Variables: Record<string, string>) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ ...publisher, Environment: { Variables } }));
    const before = Environment?.Variables ?? {};
    await useEnvironment({ ...before, AWS_ENDPOINT_URL_EVENTBRIDGE: "http://127.0.0.1:9" });
    return () => useEnvironment(before);
  }));

it("nothing is lost while its role may not publish", () =>
  losesNothing(async () => {
    const { Role = "" } = await lambda.send(new GetFunctionConfigurationCommand(publisher));
    const inline = { RoleName: Role.slice(Role.lastIndexOf("/") + 1), PolicyName: "inline" };
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(inline));
    const before = decodeURIComponent(PolicyDocument);
    const use = (document: string) =>
      iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: document }));
    expect(before).toContain("events:PutEvents");
    await use(before.replace("events:PutEvents", "events:DescribeEventBus"));
    return () => use(before);
  }));

it.runIf(process.platform === "linux")("nothing is lost while it is killed, again and again", async () => {
  const phones = newPhones(15);
  const killed = killing("publish-events", 5);
  await write(phones);
  await killed;
  for (const conversation of await answered(phones)) expect(conversation).toMatchObject({ received: 1, sent: 1 });
});

/** Kills whatever runs the Lambda, as soon as it runs, so many times. */
const killing = async (name: string, times: number): Promise<void> => {
  for (let kills = 0; kills < times; await sleep(100))
    for (const pid of processesOf(name)) {
      process.kill(pid, "SIGKILL");
      kills++;
    }
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
