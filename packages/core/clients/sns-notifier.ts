import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { wording, type Notifier } from "./notifier.ts";

/** Whoever subscribes to the topic is told: by mail, by text message, a program of theirs. */
export const snsNotifier = ({ client, topicArn }: { client: SNSClient; topicArn: string }): Notifier => ({
  channel: "sns",
  async notify(notification) {
    const { subject, conversationId, dedupeKey } = notification;
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        Message: wording(notification),
        MessageAttributes: {
          conversationId: { DataType: "String", StringValue: conversationId },
          dedupeKey: { DataType: "String", StringValue: dedupeKey },
        },
      }),
    );
  },
});
