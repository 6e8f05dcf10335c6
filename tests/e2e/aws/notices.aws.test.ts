/** People are told that somebody waits for one of them. */
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { ListTopicsCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, inject, it } from "vitest";
import * as z from "zod";
import { awsClients } from "./clients.ts";
import { ask, conversationsOf, eventually, newPhones, receive } from "./hilo.ts";
import { functionName } from "./resource-names.ts";

const { endpoint } = inject("emulated");
const { sns, sqs } = awsClients(endpoint);

const Notice = z.object({ Subject: z.string(), Message: z.string() });
const Events = z.object({ items: z.array(z.object({ type: z.string(), data: z.unknown() })) });

/** A queue that hears what subscribers of the topic hear. */
const subscribe = async (topicName: string): Promise<() => Promise<z.infer<typeof Notice>[]>> => {
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const TopicArn = Topics.find((topic) => topic.TopicArn?.endsWith(`:${topicName}`))?.TopicArn;
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "*",
      },
    ],
  };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: "heard", Attributes: { Policy: JSON.stringify(policy) } }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: Attributes?.["QueueArn"] }));
  const heard: z.infer<typeof Notice>[] = [];
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    heard.push(...Messages.map(({ Body = "" }) => Notice.parse(JSON.parse(Body))));
    return heard;
  };
};

it("who asks for a person is waited for by people who know: whoever subscribed to the topic hears of it, without a word of what was said", async () => {
  const heard = await subscribe(functionName("notices"));
  const [phone = ""] = newPhones(1);
  const text = "I want to talk to a human, please";
  expect(await receive({ phone, wamid: `wamid.${phone}`, text })).toBe(200);
  const [conversation] = await eventually(
    () => conversationsOf([phone]),
    (found) => found.length === 1,
  );
  const id = conversation?.id ?? "";
  const isAbout = ({ Message }: { Message: string }): boolean =>
    Message.includes(`https://hilo.example/${id}`);

  const notices = await eventually(heard, (all) => all.some(isAbout));
  expect(notices.filter(isAbout)).toHaveLength(1);
  expect(JSON.stringify(notices)).not.toContain(phone);
  expect(JSON.stringify(notices)).not.toContain(text);

  const events = await eventually(
    async () => Events.parse(await (await ask(`/conversations/${id}/events?limit=100`)).json()).items,
    (all) => all.some(({ type }) => type === "PeopleNotified"),
  );
  const told = events.filter(({ type }) => type === "PeopleNotified").map(({ data }) => data);
  expect(told).toEqual([expect.objectContaining({ because: "human-requested", channels: ["sns"] })]);
});
