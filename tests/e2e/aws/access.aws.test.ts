/** What is let in, by whom. */
import { expect, inject, it } from "vitest";
import { sign } from "#core/clients/whatsapp/signature.ts";
import { post, textWebhook } from "../webhooks.ts";
import { answered, ask, conversationsOf, eventually, newPhones, receive, takeOver } from "./hilo.ts";

const { url, origin, keys, verifyToken } = inject("emulated");

it("a webhook with another's signature is refused, and leaves nothing behind", async () => {
  const [phone = ""] = newPhones(1);
  const forged = textWebhook({ phone, wamid: "wamid.forged", text: "hello" });
  expect(await post(url, forged, sign(Buffer.from(forged), "another-app-secret"))).toBe(401);
  expect(await conversationsOf([phone])).toEqual([]);
});

it("Meta's question is answered to whoever knows the token", async () => {
  const question = (token: string) =>
    fetch(`${url}/webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
  const answer = await question(verifyToken);
  expect([answer.status, await answer.text()]).toEqual([200, "1158201444"]);
  expect((await question("another")).status).toBe(403);
});

it("past the edge there is nothing for anyone, not even with a key of the API", async () => {
  const headers = { authorization: `Bearer ${keys.writer}` };
  for (const path of ["/health", "/conversations", "/webhook"])
    expect((await fetch(`${origin}${path}`, { headers })).status).toBe(403);
});

it("the API opens to its keys only", async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/conversations`)).status).toBe(401);
  expect((await ask("/conversations", "no-key-of-ours")).status).toBe(401);
  expect((await ask("/conversations")).status).toBe(200);
});

it("a key that may only read commands nothing; one that may write takes a conversation over", async () => {
  const [phone = ""] = newPhones(1);
  await receive({ phone, wamid: `wamid.${phone}`, text: "When do you open?" });
  const [conversation] = await answered([phone]);
  expect((await takeOver(conversation, keys.reader)).status).toBe(403);
  expect((await takeOver(conversation, keys.writer)).ok).toBe(true);
  await eventually(
    () => conversationsOf([phone]),
    ([found]) => found?.state === "human",
  );
});
