import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { given, resource } from "./resource.ts";

export const messaging = {
  "aws:sqs/queue:Queue": resource(
    {
      name: z.string(),
      fifoQueue: z.literal(false),
      contentBasedDeduplication: z.literal(false),
      delaySeconds: z.number(),
      messageRetentionSeconds: z.number(),
      receiveWaitTimeSeconds: z.number(),
      visibilityTimeoutSeconds: z.number(),
      redrivePolicy: z.string().optional(),
      sqsManagedSseEnabled: z.boolean(),
    },
    async (queue, { sqs }) => {
      const { QueueUrl } = await sqs.send(
        new CreateQueueCommand({
          QueueName: queue.name,
          Attributes: {
            DelaySeconds: String(queue.delaySeconds),
            MessageRetentionPeriod: String(queue.messageRetentionSeconds),
            ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitTimeSeconds),
            VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
            SqsManagedSseEnabled: String(queue.sqsManagedSseEnabled),
            ...(queue.redrivePolicy !== undefined && { RedrivePolicy: queue.redrivePolicy }),
          },
        }),
      );
      const url = given(QueueUrl, "QueueUrl");
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
      );
      return { id: url, url, arn: given(Attributes?.["QueueArn"], "QueueArn") };
    },
  ),

  "aws:sqs/queuePolicy:QueuePolicy": resource(
    { queueUrl: z.string(), policy: z.string() },
    async ({ queueUrl, policy }, { sqs }) => {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { Policy: policy } }));
      return { id: queueUrl };
    },
  ),

  "aws:cloudwatch/eventBus:EventBus": resource({ name: z.string() }, async ({ name }, { events }) => {
    const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: name }));
    return { id: name, arn: given(EventBusArn, "EventBusArn") };
  }),

  "aws:cloudwatch/eventArchive:EventArchive": resource(
    {
      name: z.string(),
      eventSourceArn: z.string(),
      eventPattern: z.string(),
      retentionDays: z.number(),
    },
    async ({ name, eventSourceArn, eventPattern, retentionDays }, { events }) => {
      const { ArchiveArn } = await events.send(
        new CreateArchiveCommand({
          ArchiveName: name,
          EventSourceArn: eventSourceArn,
          EventPattern: eventPattern,
          RetentionDays: retentionDays,
        }),
      );
      return { id: name, arn: given(ArchiveArn, "ArchiveArn") };
    },
  ),

  "aws:cloudwatch/eventRule:EventRule": resource(
    { name: z.string(), eventBusName: z.string(), eventPattern: z.string() },
    async ({ name, eventBusName, eventPattern }, { events }) => {
      const { RuleArn } = await events.send(
        new PutRuleCommand({ Name: name, EventBusName: eventBusName, EventPattern: eventPattern }),
      );
      return { id: name, arn: given(RuleArn, "RuleArn") };
    },
  ),

  "aws:cloudwatch/eventTarget:EventTarget": resource(
    {
      eventBusName: z.string(),
      rule: z.string(),
      targetId: z.string(),
      arn: z.string(),
      roleArn: z.string().optional(),
      deadLetterConfig: z.object({ arn: z.string() }),
      retryPolicy: z.object({ maximumEventAgeInSeconds: z.number(), maximumRetryAttempts: z.number() }),
    },
    async ({ eventBusName, rule, targetId, arn, roleArn, deadLetterConfig, retryPolicy }, { events }) => {
      const { FailedEntries = [] } = await events.send(
        new PutTargetsCommand({
          EventBusName: eventBusName,
          Rule: rule,
          Targets: [
            {
              Id: targetId,
              Arn: arn,
              ...(roleArn !== undefined && { RoleArn: roleArn }),
              DeadLetterConfig: { Arn: deadLetterConfig.arn },
              RetryPolicy: {
                MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
                MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
              },
            },
          ],
        }),
      );
      if (FailedEntries.length > 0) throw new Error(`${targetId}: ${FailedEntries[0]?.ErrorMessage}`);
      return { id: targetId };
    },
  ),

  "aws:sns/topic:Topic": resource(
    { name: z.string(), kmsMasterKeyId: z.string() },
    async ({ name, kmsMasterKeyId }, { sns }) => {
      const { TopicArn } = await sns.send(
        new CreateTopicCommand({ Name: name, Attributes: { KmsMasterKeyId: kmsMasterKeyId } }),
      );
      const arn = given(TopicArn, "TopicArn");
      return { id: arn, arn };
    },
  ),

  "aws:sns/topicPolicy:TopicPolicy": resource(
    { arn: z.string(), policy: z.string() },
    async ({ arn, policy }, { sns }) => {
      await sns.send(
        new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: "Policy", AttributeValue: policy }),
      );
      return { id: arn };
    },
  ),
};
