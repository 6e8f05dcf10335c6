import { describe, expect, it } from "vitest";
import { parseConversationStream } from "#core/events/stream.ts";
import { after, stream } from "#core/testing/given.ts";
import { identified, received, started, tookOver } from "#core/testing/samples.ts";
import { queryHilo } from "../testing/query-hilo.ts";

const path = `/conversations/${stream}`;

/** Versions 1 and 2 at noon, 3 a second later, 4 and 5 two seconds later. */
const withHistory = async () => {
  const hilo = queryHilo();
  await hilo.record(stream, started(), identified({ name: "Lucía Prueba" }));
  await hilo.record(stream, received("m1"));
  await hilo.record(stream, tookOver(), received("m2"));
  return hilo;
};

describe("a conversation", () => {
  it("is what the view has, and unknown until the view has it", async () => {
    const hilo = await withHistory();
    expect(await hilo.get(path)).toMatchObject({ status: 404, problem: "unknown-conversation" });
    await hilo.project(stream);
    expect((await hilo.get(path)).body).toMatchObject({
      id: stream,
      state: "human",
      received: 2,
      version: 5,
      contact: { name: "Lucía Prueba" },
    });
  });

  it.each([
    [1, { version: 1, state: "bot", contact: {}, received: 0 }],
    [2, { version: 2, state: "bot", contact: { name: "Lucía Prueba" }, received: 0 }],
    [3, { version: 3, state: "bot", received: 1 }],
    [4, { version: 4, state: "human", received: 1 }],
    [5, { version: 5, state: "human", received: 2 }],
  ])("can be seen as it was at version %d, with no view at all", async (version, expected) => {
    const hilo = await withHistory();
    expect((await hilo.get(`${path}?at=${version}`)).body).toMatchObject(expected);
  });

  it("has not reached a version that is to come", async () => {
    const hilo = await withHistory();
    expect(await hilo.get(`${path}?at=6`)).toMatchObject({ status: 404, problem: "version-not-reached" });
    expect(await hilo.get(`${path}?at=9999999999`)).toMatchObject({
      status: 404,
      problem: "version-not-reached",
    });
  });

  it.each([
    [after(0), 2],
    [after(999), 2],
    [after(1_000), 3],
    [after(1_001), 3],
    [after(1_999), 3],
    [after(2_000), 5],
    ["2026-11-23T13:00:01%2B01:00", 3],
    ["2026-11-23T12:00:01Z", 3],
    ["2999-01-01T00:00:00Z", 5],
  ])("at %s is at the last event recorded by then: version %d", async (instant, version) => {
    const hilo = await withHistory();
    expect((await hilo.get(`${path}?at=${instant}`)).body).toMatchObject({ version });
  });

  it.each([after(-1), "1970-01-01T00:00:00Z"])("had not begun at %s", async (instant) => {
    const hilo = await withHistory();
    expect(await hilo.get(`${path}?at=${instant}`)).toMatchObject({ status: 404, problem: "not-yet" });
  });

  it("of an erased person is gone, and its past has no words left", async () => {
    const hilo = await withHistory();
    await hilo.keys.destroy(parseConversationStream(stream)?.contactId ?? "");
    await hilo.record(stream, { type: "ContactErased", data: {} });
    await hilo.project(stream);
    expect(await hilo.get(path)).toMatchObject({ status: 404, problem: "unknown-conversation" });
    expect(await hilo.get(`${path}?at=6`)).toMatchObject({ status: 404, problem: "unknown-conversation" });
    const { body } = await hilo.get(`${path}?at=5`);
    expect(body).toMatchObject({ received: 2, contact: { name: "[erased]" }, last: { preview: "[erased]" } });
  });
});
