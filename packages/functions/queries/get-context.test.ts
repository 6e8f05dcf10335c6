import { describe, expect, it } from "vitest";
import { stream } from "#core/testing/given.ts";
import { received, started } from "#core/testing/samples.ts";
import { queryHilo } from "../testing/query-hilo.ts";

const path = `/conversations/${stream}/context`;
const said = (id: string) => received(id, { content: { type: "text", text: id } });

/** The view has reached version 2 of 3. */
const halfProjected = async () => {
  const hilo = queryHilo();
  await hilo.record(stream, started(), said("one"));
  await hilo.project(stream);
  await hilo.record(stream, said("two"));
  return hilo;
};

describe("the context", () => {
  it.each([
    ["", 3, ["one", "two"]],
    ["?atLeast=1", 2, ["one"]],
    ["?atLeast=2", 2, ["one"]],
    ["?atLeast=3", 3, ["one", "two"]],
    ["?at=1", 1, []],
    ["?at=2", 2, ["one"]],
    ["?at=3", 3, ["one", "two"]],
    ["?at=2026-11-23T12:00:00Z", 2, ["one"]],
    ["?at=2&atLeast=3", 2, ["one"]],
  ])("is as new as was asked for: %s", async (query, version, texts) => {
    const hilo = await halfProjected();
    const { status, body } = await hilo.get(path + query);
    expect(status).toBe(200);
    expect(body["version"]).toBe(version);
    expect((body["turns"] as { text: string }[]).map(({ text }) => text)).toEqual(texts);
  });

  it.each([
    ["?atLeast=4", "version-not-reached"],
    ["?at=4", "version-not-reached"],
    ["?at=2026-11-23T11:59:59.999Z", "not-yet"],
  ])("cannot be had %s", async (query, name) => {
    const hilo = await halfProjected();
    expect(await hilo.get(path + query)).toMatchObject({ status: 404, body: { type: `/problems/${name}` } });
  });
});
