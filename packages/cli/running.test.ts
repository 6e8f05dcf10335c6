/** `hilo` beside a Hilo that runs. */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hiloOnDisk, linesOf, type HiloOnDisk } from "./testing/hilo-on-disk.ts";

let hilo: HiloOnDisk;
beforeAll(async () => {
  hilo = await hiloOnDisk();
});
afterAll(async () => {
  await hilo.stop();
  hilo.remove();
});

it("send prints the conversation and the answer; events tells what was recorded", async () => {
  const sent = await hilo.run(
    "send",
    "Are you open on Sundays?",
    "--as",
    "+34 (600) 11-22-33",
    "--name",
    "Ana\u001b[2J",
  );
  expect(sent).toMatchObject({ code: 0, stderr: "" });
  expect(sent.stdout).toMatch(/^conversation-[0-9A-Z]{26}-1065550123000001\n/);
  expect(sent.stdout).toContain("Sunday: 8:30 to 14:00");
  const { stdout } = await hilo.run("events", "0034600112233");
  expect(stdout).toMatch(/ 3 .+Z {2}MessageReceived +Are you open on Sundays\?/);
  expect(stdout).toContain("Ana\\u001b[2J");
  expect(stdout).not.toContain("\u001b");
});

it("send knows people without a phone number, and answers programs in JSON", async () => {
  const [sent] = linesOf(await hilo.run("send", "hola", "--as", "ES.1047ab", "--json"));
  expect(sent).toMatchObject({ conversation: expect.stringMatching(/^conversation-/) as string, version: 3 });
  expect(sent?.["reply"]).toBeTypeOf("string");
  const events = linesOf(await hilo.run("events", "ES.1047ab", "--json", "--type", "MessageReceived"));
  expect(events).toMatchObject([
    { type: "MessageReceived", version: 3, data: { content: { text: "hola" } } },
  ]);
});

it("send says why the bot is silent, and resume hands the conversation back", async () => {
  await hilo.run("send", "I want to speak to a person", "--as", "34600000001");
  const silent = await hilo.run("send", "hello?", "--as", "34600000001", "--json");
  expect(linesOf(silent)).toMatchObject([{ silent: "a person has the conversation" }]);
  const waiting = linesOf(await hilo.run("conversations", "--state", "needs-human", "--json"));
  expect(waiting).toMatchObject([{ contact: { phone: "34600000001" }, received: 2 }]);
  expect(linesOf(await hilo.run("resume", "34600000001", "--json"))).toMatchObject([{ resumed: true }]);
  expect(linesOf(await hilo.run("resume", "34600000001", "--json"))).toMatchObject([{ resumed: false }]);
  expect(linesOf(await hilo.run("send", "hello?", "--as", "34600000001", "--json"))[0]).toHaveProperty(
    "reply",
  );
});

it("send prints what can be tapped below the answer", async () => {
  const book = ["send", "book a table for 2 tomorrow at 13:30", "--as", "34600000003"];
  expect((await hilo.run(...book)).stdout).toContain(
    "What will you come for?\n[Breakfast or brunch]\n[Lunch]\n[Coffee and cake]\n",
  );
  const [sent] = linesOf(await hilo.run("send", "Lunch?", "--as", "34600000003", "--json"));
  expect(sent).toMatchObject({ reply: expect.any(String) as string });
});

it("send tells of a spent budget, what is said of it and then the silence", async () => {
  const poor = await hiloOnDisk({ HILO_CONTACT_REPLIES: "1" });
  const say = async (text: string) =>
    linesOf(await poor.run("send", text, "--as", "34600000001", "--json"))[0];
  expect(await say("hello")).toHaveProperty("reply");
  expect(await say("hello?")).toMatchObject({
    reply: "That's as much as I can answer today. Shall I get someone from the team?",
    choices: ["Yes, please", "No, thanks"],
  });
  expect(await say("hello!")).toMatchObject({ silent: "what may be spent today is spent" });
  await poor.stop();
  poor.remove();
});

it("events --follow goes on with what is new", async () => {
  await hilo.run("send", "hola", "--as", "34600000002");
  const { stdout, kill } = following("34600000002");
  await hilo.run("send", "gracias", "--as", "34600000002", "--no-wait");
  await expect.poll(stdout, { timeout: 5_000 }).toContain('"gracias"');
  kill();
});

it("doctor finds this installation well, and Hilo on its port", async () => {
  const { code, stdout } = await hilo.run("doctor");
  expect(stdout).toContain("✓ Hilo answers on port");
  expect(stdout).toContain("✓ events.db is sound");
  expect(stdout).not.toMatch(/[!✗]/);
  expect(code).toBe(0);
});

it("audit finds nothing to do while Hilo works", async () => {
  const { code, stdout } = await hilo.run("audit", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ broken: [], unreadable: [], owed: 0, well: true });
  expect(code).toBe(0);
});

const following = (contact: string) => {
  const program = new URL("main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, "events", contact, "--follow", "--json"], {
    env: hilo.env,
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  return { stdout: () => said, kill: () => child.kill() };
};
