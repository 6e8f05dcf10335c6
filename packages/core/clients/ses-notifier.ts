import { SendEmailCommand, type SESv2Client } from "@aws-sdk/client-sesv2";
import { wording, type Notifier } from "./notifier.ts";

export type SesOptions = {
  client: SESv2Client;
  /** Of an identity that SES has verified. */
  from: string;
  /** 50 at most (SES, "Quotas"). */
  to: readonly string[];
};

/** One mail to all. */
export const sesNotifier = ({ client, from, to }: SesOptions): Notifier => ({
  channel: "ses",
  async notify(notification) {
    const { subject, conversationId, dedupeKey } = notification;
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [...to] },
        Content: {
          Simple: {
            Subject: { Data: subject },
            Body: { Text: { Data: wording(notification) } },
            Headers: [
              { Name: "X-Hilo-Conversation", Value: conversationId },
              { Name: "X-Hilo-Dedupe-Key", Value: dedupeKey },
            ],
          },
        },
      }),
    );
  },
});
