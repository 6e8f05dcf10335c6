/** `hilo sends` and `hilo take-over`. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { conversationStream } from "#core/events/stream.ts";
import { project } from "#core/store/project.ts";
import { noon } from "#core/testing/given.ts";
import { sendRequested, sendStarted, started } from "#core/testing/samples.ts";
import { parkedSends } from "#core/views/parked-sends.ts";
import { hiloOnDisk, linesOf, type HiloOnDisk } from "./testing/hilo-on-disk.ts";

const contactId = "01JD0000000000000000000000";
const stream = conversationStream(contactId, "1065550000");
const ids = ["parked-1", "parked-2", "parked-3"];

let hilo: HiloOnDisk;
beforeAll(async () => {
  hilo = await hiloOnDisk();
  await hilo.stop();
  await hilo.withStores(async (stores) => {
    const sends = ids.flatMap((sendId) => [
      sendRequested(sendId),
      sendStarted(sendId),
      { type: "SendParked", data: { sendId } } as const,
    ]);
    const place = { stream, subject: contactId, expectedVersion: 0, at: noon, commitId: "commit-1" };
    await stores.store.append({ ...place, events: [started(), ...sends] });
    await project(stores, parkedSends, stream);
  });
});
afterAll(() => hilo.remove());

const waiting = async () => linesOf(await hilo.run("sends", "--json")).map(({ sendId }) => sendId);
const newest = async () => linesOf(await hilo.run("events", stream, "--json")).slice(-2);

it("sends lists what is parked, and says where there is more", async () => {
  const { code, stdout, stderr } = await hilo.run("sends", "--limit", "2");
  expect([code, stderr]).toEqual([0, "There are more than these 2: see --limit.\n"]);
  expect(stdout).toMatch(
    new RegExp(`^SEND .*\\nparked-3 +${stream} +${noon} +A las 8:00\\.\\nparked-2 .*\\n$`),
  );
});

it("sends resend asks for it again, once", async () => {
  const [resent] = linesOf(await hilo.run("sends", "resend", "parked-1", "--json"));
  expect(resent).toEqual({
    conversation: stream,
    sendId: "parked-1",
    resentAs: expect.stringMatching(/^[0-9A-Z]{26}$/) as string,
  });
  expect(await newest()).toMatchObject([
    { type: "SendResolved", data: { sendId: "parked-1", by: "cli" } },
    { type: "SendRequested", data: { sendId: resent?.["resentAs"], insteadOf: "parked-1" } },
  ]);
  expect(await waiting()).toEqual(["parked-3", "parked-2"]);
  expect(await hilo.run("sends", "resend", "parked-1")).toMatchObject({
    code: 1,
    stderr: "hilo: no send parked-1 is parked: hilo sends lists those that are\n",
  });
});

it("sends drop asks first, and gives it up with --yes", async () => {
  const asked = await hilo.run("sends", "drop", "parked-2");
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes is needed") as string });
  expect(await waiting()).toContain("parked-2");
  expect(await hilo.run("sends", "drop", "parked-2", "--yes")).toMatchObject({
    code: 0,
    stdout: "Dropped parked-2.\n",
  });
  expect(await waiting()).toEqual(["parked-3"]);
  expect(await newest()).toMatchObject([
    {},
    { type: "SendResolved", data: { sendId: "parked-2", by: "cli" } },
  ]);
});

it("take-over takes the conversation, and resume gives it back", async () => {
  const run = async (name: string) => linesOf(await hilo.run(name, stream, "--json"));
  expect(await run("take-over")).toMatchObject([{ conversation: stream, takenOver: true }]);
  expect(await run("take-over")).toMatchObject([{ takenOver: false }]);
  expect((await newest()).at(-1)).toMatchObject({
    type: "HumanTookOver",
    data: { from: "agent-desk", by: "cli" },
  });
  expect(await run("resume")).toMatchObject([{ resumed: true }]);
});

it("what is not there is said", async () => {
  expect(await hilo.run("sends", "drop", "x\u001b[2J", "--yes")).toMatchObject({
    code: 1,
    stderr: "hilo: no send x\\u001b[2J is parked: hilo sends lists those that are\n",
  });
  expect(await hilo.run("sends", "resnd", "x")).toMatchObject({ code: 2 });
});
