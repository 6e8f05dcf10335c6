import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { notifierContract, waiting, type OpenedNotifier } from "./notifier.contract.ts";
import { sesNotifier } from "./ses-notifier.ts";

const Data = z.object({ Data: z.string() });
/** SendEmail, as it goes over the wire (API reference of SES v2). */
const Mail = z.object({
  FromEmailAddress: z.string(),
  Destination: z.object({ ToAddresses: z.array(z.string()) }),
  Content: z.object({
    Simple: z.object({
      Subject: Data,
      Body: z.object({ Text: Data }),
      Headers: z.array(z.object({ Name: z.string().max(126), Value: z.string().max(870) })),
    }),
  }),
});

const open = async (): Promise<OpenedNotifier & { mails: z.infer<typeof Mail>[] }> => {
  const mails: z.infer<typeof Mail>[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const isSend = request.method === "POST" && request.url === "/v2/email/outbound-emails";
      if (isSend && status === 200) mails.push(Mail.parse(JSON.parse(body)));
      response.writeHead(isSend ? status : 404, { "content-type": "application/json" });
      response.end(status === 200 ? '{"MessageId":"1"}' : '{"message":"not verified"}');
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no port");
  const client = new SESv2Client({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const header = ({ Content }: z.infer<typeof Mail>, name: string) =>
    Content.Simple.Headers.find(({ Name }) => Name === name)?.Value ?? "";
  return {
    mails,
    notifier: sesNotifier({ client, from: "hilo@example.com", to: ["ana@example.com", "ben@example.com"] }),
    told: async () =>
      mails.map((mail) => ({
        subject: mail.Content.Simple.Subject.Data,
        body: mail.Content.Simple.Body.Text.Data,
        conversationId: header(mail, "X-Hilo-Conversation"),
        dedupeKey: header(mail, "X-Hilo-Dedupe-Key"),
      })),
    fail: async () => void (status = 400),
  };
};

notifierContract("SES on the wire", open);

it("sends one mail to all", async () => {
  const { notifier, mails } = await open();
  await notifier.notify(waiting);
  expect(mails).toMatchObject([
    {
      FromEmailAddress: "hilo@example.com",
      Destination: { ToAddresses: ["ana@example.com", "ben@example.com"] },
    },
  ]);
});
