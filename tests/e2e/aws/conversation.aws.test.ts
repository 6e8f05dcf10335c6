/** From WhatsApp through everything that is deployed and back. */
import { randomUUID } from "node:crypto";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { expect, inject, it } from "vitest";
import { awsClients } from "./clients.ts";
import { answered, ask, conversationsOf, eventually, messagesOf, newPhones, receive } from "./hilo.ts";
import { takePhone } from "./phone.ts";
import { functionName, tableNames } from "./resource-names.ts";

const { endpoint, whatsappUrl } = inject("emulated");
const question = "When do you open on Sunday?";

it("a question is answered on the customer's phone, and the API shows what was said and that it arrived", async () => {
  const [phone = ""] = newPhones(1);
  const customer = await takePhone(whatsappUrl, phone);
  await customer.write(question);
  const said = await customer.answered();
  expect(said).toEqual([
    { from: "customer", text: question },
    { from: "business", text: expect.stringContaining("Sunday") as string },
  ]);

  const [conversation] = await answered([phone]);
  const transcript = await eventually(
    () => messagesOf(conversation?.id ?? ""),
    (all) => all.some(({ status }) => status === "delivered"),
  );
  expect(transcript).toEqual([
    { from: "customer", text: question },
    { from: "bot", text: said[1]?.text, status: "delivered" },
  ]);
});

it("what Meta delivers three times is received once and answered once", async () => {
  const [phone = ""] = newPhones(1);
  const said = { phone, wamid: `wamid.${randomUUID()}`, text: question };
  const answers = await Promise.all([receive(said), receive(said), receive(said)]);
  expect(answers).toEqual([200, 200, 200]);
  expect(await receive(said)).toBe(200);

  const [conversation] = await answered([phone]);
  expect(conversation).toMatchObject({ received: 1, sent: 1 });
  const transcript = await eventually(
    () => messagesOf(conversation?.id ?? ""),
    (all) => all.length >= 2,
  );
  expect(transcript).toHaveLength(2);
});

it("who is erased can't be read any more", async () => {
  const [phone = ""] = newPhones(1);
  expect(await receive({ phone, wamid: `wamid.${phone}`, text: question })).toBe(200);
  const [conversation] = await answered([phone]);
  const read = async (): Promise<string> => {
    const path = `/conversations/${conversation?.id}`;
    const answers = await Promise.all([ask(path), ask(`${path}/messages`), ask(`${path}/events`)]);
    for (const { status } of answers) expect([200, 404]).toContain(status);
    return (await Promise.all(answers.map((answer) => answer.text()))).join("\n");
  };
  expect(await read()).toContain(question);

  const { FunctionError } = await awsClients(endpoint).lambda.send(
    new InvokeCommand({
      FunctionName: functionName("erase-contact"),
      Payload: JSON.stringify({ contactId: conversation?.contactId }),
    }),
  );
  expect(FunctionError).toBeUndefined();
  await eventually(read, (said) => !said.includes(question) && !said.includes(phone));
  expect(await conversationsOf([phone])).toEqual([]);
});

it("no table holds what was said or by whom in the clear", async () => {
  const [phone = ""] = newPhones(1);
  expect(await receive({ phone, wamid: `wamid.${phone}`, text: question })).toBe(200);
  await answered([phone]);
  const { dynamo } = awsClients(endpoint);
  const stored = await Promise.all(
    (await tableNames()).map(async (TableName) => {
      const { Items = [] } = await dynamo.send(new ScanCommand({ TableName }));
      return Items.map((item) => JSON.stringify(item, readable)).join("\n");
    }),
  );
  const all = stored.join("\n");
  // Ids are not personal; so much is there, and could be read.
  expect(all).toContain("conversation-");
  for (const secret of [phone, question, "Sunday", `wamid.${phone}`]) expect(all).not.toContain(secret);
});

const readable = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
