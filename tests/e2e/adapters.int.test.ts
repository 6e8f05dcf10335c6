/** The adapters of S3, SNS and SES against an emulator of AWS: the contracts that those of one machine pass. */
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { mediaStoreContract } from "#core/clients/media-store.contract.ts";
import { notifierContract, waiting, type Told } from "#core/clients/notifier.contract.ts";
import { s3MediaStore } from "#core/clients/s3-media-store.ts";
import { sesNotifier } from "#core/clients/ses-notifier.ts";
import { snsNotifier } from "#core/clients/sns-notifier.ts";
import { rootCredentials, startMinistack, type Ministack } from "../support/ministack/ministack.ts";

let aws: Ministack;
let made = 0;
beforeAll(async () => {
  aws = await startMinistack();
}, 180_000);
afterAll(() => aws.stop());

const settings = () => ({
  endpoint: aws.endpoint,
  region: "us-east-1",
  credentials: rootCredentials,
  maxAttempts: 1,
});
const newName = (): string => `hilo-${++made}`;

const bucket = async () => {
  const client = new S3Client({ ...settings(), forcePathStyle: true });
  const name = newName();
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return s3MediaStore({ client, bucket: name });
};

mediaStoreContract("S3", bucket);

it("deletes more files of one person than S3 lists at once", async () => {
  const store = await bucket();
  const names = Array.from({ length: 1_050 }, (_, index) => `ana/m${index}`);
  for (let at = 0; at < names.length; at += 50)
    await Promise.all(names.slice(at, at + 50).map((name) => store.put(name, Buffer.from("x"))));
  await store.put("ben/m1", Buffer.from("x"));
  await store.deleteOf("ana");
  for (const name of ["ana/m0", "ana/m999", "ana/m1049"]) expect(await store.get(name)).toBeUndefined();
  expect(await store.get("ben/m1")).toBeDefined();
});

it("does not take a bucket that isn't there for a file that isn't", async () => {
  const client = new S3Client({ ...settings(), forcePathStyle: true });
  const store = s3MediaStore({ client, bucket: "nobodys-bucket" });
  await expect(store.get("ana/photo")).rejects.toThrow(Error);
});

const Notice = z.object({
  Subject: z.string(),
  Message: z.string(),
  MessageAttributes: z.object({
    conversationId: z.object({ Value: z.string() }),
    dedupeKey: z.object({ Value: z.string() }),
  }),
});

/** A topic with a queue that hears of all that it is told. */
const topic = async () => {
  const [client, sqs, name] = [new SNSClient(settings()), new SQSClient(settings()), newName()];
  const { TopicArn: topicArn = "" } = await client.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const queueArn = Attributes?.["QueueArn"];
  const mayTell = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: queueArn };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [mayTell] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await client.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: queueArn }));
  const receive = async (told: Told[] = []): Promise<Told[]> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    if (Messages.length === 0) return told;
    for (const { Body = "", ReceiptHandle } of Messages) {
      const { Subject: subject, Message: body, MessageAttributes } = Notice.parse(JSON.parse(Body));
      const { conversationId, dedupeKey } = MessageAttributes;
      told.push({ subject, body, conversationId: conversationId.Value, dedupeKey: dedupeKey.Value });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return receive(told);
  };
  return {
    notifier: snsNotifier({ client, topicArn }),
    told: () => receive(),
    fail: async () => void (await client.send(new DeleteTopicCommand({ TopicArn: topicArn }))),
  };
};

notifierContract("SNS", topic);

/** By account. */
const Mails = z.object({
  messages: z.record(
    z.string(),
    z.array(
      z.object({ Source: z.string(), To: z.array(z.string()), Subject: z.string(), BodyText: z.string() }),
    ),
  ),
});

it("mails through SES, from an address that it knows and from no other", async () => {
  const client = new SESv2Client(settings());
  const from = "hilo@example.com";
  const notifier = sesNotifier({ client, from, to: ["desk@example.com"] });
  await expect(notifier.notify(waiting)).rejects.toThrow(Error);
  for (const EmailIdentity of [from, "desk@example.com"])
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity }));
  await notifier.notify(waiting);
  const answer: unknown = await (await fetch(`${aws.endpoint}/_ministack/ses/messages`)).json();
  expect(Object.values(Mails.parse(answer).messages).flat()).toEqual([
    {
      Source: from,
      To: ["desk@example.com"],
      Subject: waiting.subject,
      BodyText: `${waiting.text}\n\n${waiting.link}`,
    },
  ]);
});
