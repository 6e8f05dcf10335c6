import { afterEach, expect, test } from "vitest";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { simulated, type Simulated } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const started = (stream: string): RecordedEvent => ({
  type: "ConversationStarted",
  data: { contactId: "c", phoneNumberId: "1", businessAccountId: "2" },
  stream,
  version: 1,
  at: "2026-11-02T10:00:00.000Z",
  commitId: "c",
});
const put = (id: string, owner: string) =>
  sim.call(`/simulator/customers/${id}/owner`, { method: "PUT", body: JSON.stringify({ owner }) });
const resolve = (id: string, how: string) => sim.post(`/simulator/customers/${id}/sends/send-1`, { how });
const offered = async () =>
  ((await (await sim.call("/simulator/state")).json()) as { decisions: string[] }).decisions;

test("what a person decides reaches Hilo, for the stream of that customer", async () => {
  const decided: string[][] = [];
  const note = (...what: string[]) => Promise.resolve(void decided.push(what));
  sim = simulated({
    resolveSend: (...what) => note("resolve", ...what),
    resumeBot: (stream) => note("resume", stream),
    takeOver: (stream) => note("take-over", stream),
  });
  const lucia = await sim.named("Lucía");
  sim.append(lucia.userId, started(lucia.userId));
  expect(await offered()).toEqual(["resolveSend", "resumeBot", "takeOver"]);
  for (const how of ["resend", "drop"]) expect((await resolve(lucia.id, how)).status).toBe(200);
  for (const owner of ["person", "bot"]) expect((await put(lucia.id, owner)).status).toBe(200);
  expect(decided).toEqual([
    ["resolve", lucia.userId, "send-1", "resend"],
    ["resolve", lucia.userId, "send-1", "drop"],
    ["take-over", lucia.userId],
    ["resume", lucia.userId],
  ]);
  expect([(await resolve(lucia.id, "burn")).status, (await put(lucia.id, "nobody")).status]).toEqual([
    400, 400,
  ]);
  expect((await put((await sim.named("Grace")).id, "bot")).status).toBe(409);
});

test("what can't be done is not offered, and refused", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  sim.append(lucia.userId, started(lucia.userId));
  expect(await offered()).toEqual([]);
  expect([(await resolve(lucia.id, "drop")).status, (await put(lucia.id, "bot")).status]).toEqual([409, 409]);
});

test("why Hilo refuses is shown", async () => {
  sim = simulated({ resumeBot: () => Promise.reject(new Error("no-such-conversation")) });
  const lucia = await sim.named("Lucía");
  sim.append(lucia.userId, started(lucia.userId));
  const response = await put(lucia.id, "bot");
  expect([response.status, await response.json()]).toEqual([409, { error: "no-such-conversation" }]);
});
