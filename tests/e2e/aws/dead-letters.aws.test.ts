/** What one message can't do holds up no other, and comes back once the cause is mended. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { PutItemCommand, QueryCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, inject, it } from "vitest";
import * as z from "zod";
import { rootCredentials } from "../../support/ministack/ministack.ts";
import { awsClients } from "./clients.ts";
import {
  answered,
  conversationsOf,
  eventually,
  messagesOf,
  newPhones,
  receive,
  takeOver,
  type Conversation,
} from "./hilo.ts";
import { deadLettersOf, functionName, messagesIn, queueOf, sourceOf, tableName } from "./resource-names.ts";

const { endpoint, stage } = inject("emulated");
const { dynamo, lambda, sqs } = awsClients(endpoint);
const name = "transcript";

const DeadLetter = z.object({ id: z.string(), type: z.string() });

const textsOf = async ({ id }: Conversation): Promise<string[]> =>
  (await messagesOf(id)).filter(({ from }) => from === "customer").map(({ text }) => text);

it("a batch that fails in part loses nothing: what can be done is done, the rest ends with the dead letters, and a redrive brings it home", async () => {
  const phones = newPhones(4);
  const conversations = await takenOver(phones);
  const [poisoned, ...healthy] = conversations;
  if (!poisoned) throw new Error("nobody wrote");
  const [queue, deadLetters] = await Promise.all([queueOf(name), deadLettersOf(name)]);

  // One message of each waits for the projection, and what one of them is about can't be read.
  await hold(true);
  for (const phone of phones) await write(phone, "second");
  await eventually(
    () => messagesIn(queue),
    (count) => count === phones.length,
  );
  const restore = await spoilLastCommit(poisoned.id);
  // Five attempts take as many seconds, and not minutes.
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { VisibilityTimeout: "1" } }));
  await hold(false);

  for (const conversation of healthy)
    await eventually(
      () => textsOf(conversation),
      (texts) => texts.includes("second"),
    );
  await eventually(
    () => Promise.all([messagesIn(queue), messagesIn(deadLetters)]),
    ([waiting, dead]) => waiting === 0 && dead === 1,
  );
  expect(await textsOf(poisoned)).toEqual(["first"]);

  await restore();
  const letter = DeadLetter.parse(JSON.parse(await hilo("dlq", "list", name)));
  expect(letter.type).toBe("MessageReceived");
  // By its id, because the emulator moves no whole queue (StartMessageMoveTask).
  const redriven = await hilo("dlq", "redrive", name, "--id", letter.id);
  expect(JSON.parse(redriven)).toEqual({ queue: name, redriven: 1 });
  await eventually(
    () => textsOf(poisoned),
    (texts) => texts.includes("second"),
  );
  for (const conversation of conversations) expect(await textsOf(conversation)).toEqual(["first", "second"]);
  expect(await Promise.all([messagesIn(queue), messagesIn(deadLetters)])).toEqual([0, 0]);
});

it("an erasure that nobody waits for is kept with whom it was about, once it has failed for good", async () => {
  const request = { contactId: "no contact's id" };
  await lambda.send(
    new InvokeCommand({
      FunctionName: functionName("erase-contact"),
      InvocationType: "Event",
      Payload: JSON.stringify(request),
    }),
  );
  const QueueUrl = await deadLettersOf("erase-contact");
  const [failed] = await eventually(
    async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [],
    (messages) => messages.length > 0,
  );
  expect(JSON.parse(failed?.Body ?? "")).toMatchObject({
    requestPayload: request,
    requestContext: { condition: "RetriesExhausted" },
  });
});

const write = async (phone: string, text: string): Promise<void> =>
  expect(await receive({ phone, wamid: `wamid.${phone}.${text}`, text })).toBe(200);

/** Conversations in which a person answers, so that what a customer writes is one event and no more. */
const takenOver = async (phones: readonly string[]): Promise<Conversation[]> => {
  for (const phone of phones) await write(phone, "first");
  for (const conversation of await answered(phones)) {
    await eventually(
      () => messagesOf(conversation.id),
      // Nobody has these phones, so that WhatsApp has nothing more to tell.
      (messages) => messages.some(({ status }) => status === "failed"),
    );
    expect((await takeOver(conversation)).ok).toBe(true);
  }
  const theirs = await eventually(
    () => conversationsOf(phones),
    (all) => all.every(({ state }) => state === "human"),
  );
  const queue = await queueOf(name);
  await eventually(
    () => messagesIn(queue),
    (count) => count === 0,
  );
  return theirs.toSorted((a, b) => phones.indexOf(a.contact.phone) - phones.indexOf(b.contact.phone));
};

/** Keeps the projection from its queue, and lets it again. */
const hold = async (isHeld: boolean): Promise<void> => {
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: await sourceOf(name), Enabled: !isHeld }));
  // Whoever is at it finishes.
  if (isHeld) await sleep(1_000);
};

/** Overwrites what was stored last in a stream, until the returned function is called. */
const spoilLastCommit = async (stream: string): Promise<() => Promise<void>> => {
  const TableName = await tableName("Events");
  const { Items: [last] = [] } = await dynamo.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :stream",
      ExpressionAttributeValues: { ":stream": { S: stream } },
      ScanIndexForward: false,
      Limit: 1,
    }),
  );
  if (!last) throw new Error(`nothing is stored of ${stream}`);
  const put = async (item: Record<string, AttributeValue>): Promise<void> =>
    void (await dynamo.send(new PutItemCommand({ TableName, Item: item })));
  await put({ ...last, body: { B: Buffer.from("not what was written") } });
  return () => put(last);
};

/** The command line, as whoever operates this stage has it: one line of JSON for each thing. */
const hilo = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "packages/cli/main.ts", ...args, "--stage", stage, "--json"],
    {
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: rootCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: rootCredentials.secretAccessKey,
      },
    },
  );
  return stdout;
};
