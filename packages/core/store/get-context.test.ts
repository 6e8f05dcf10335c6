import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyHistory } from "../testing/any-history.ts";
import { stream } from "../testing/given.ts";
import { memoryHilo } from "../testing/memory-hilo.ts";
import { received, started } from "../testing/samples.ts";
import { context } from "../views/context.ts";
import { getContext } from "./get-context.ts";
import { itemsAt } from "./project.ts";

const texts = async (hilo: ReturnType<typeof memoryHilo>, atLeast?: number) =>
  (await getContext(hilo, stream, atLeast)).turns.map(({ text }) => text);

const said = (id: string) => received(id, { content: { type: "text", text: id } });

describe("the context", () => {
  it("is the fold of every event, wherever the view has got to", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, fc.nat(40), async (history, reached) => {
        const hilo = memoryHilo();
        await hilo.record(stream, ...history.slice(0, 1));
        for (const event of history.slice(1, reached)) await hilo.record(stream, event);
        await hilo.project(stream);
        for (const event of history.slice(Math.max(1, reached))) await hilo.record(stream, event);
        const folded = (await itemsAt(hilo.store, context, stream, history.length)).get("context");
        expect(await getContext(hilo, stream)).toEqual(folded ?? { version: history.length, turns: [] });
      }),
      { numRuns: 50 },
    ));

  it("takes the view's word when that has reached the floor, and folds the gap when it has not", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), said("one"));
    await hilo.project(stream);
    await hilo.record(stream, said("two"));
    expect(await texts(hilo, 1)).toEqual(["one"]);
    expect(await texts(hilo, 2)).toEqual(["one"]);
    expect(await texts(hilo, 3)).toEqual(["one", "two"]);
    expect(await texts(hilo)).toEqual(["one", "two"]);
  });

  it("is empty for an unknown conversation, and for an erased person", async () => {
    const hilo = memoryHilo();
    expect(await getContext(hilo, stream)).toEqual({ version: 0, turns: [] });
    await hilo.record(stream, started(), said("one"), { type: "ContactErased", data: {} });
    await hilo.project(stream);
    expect(await getContext(hilo, stream)).toEqual({ version: 3, turns: [] });
  });
});
