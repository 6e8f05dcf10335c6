/** Tools that a model may ask for: one reads, one writes, and two always need a person. */
import * as z from "zod";
import type { ToolCall } from "#core/clients/model.ts";
import { handOverTool } from "#functions/tools/hand-over.ts";
import { refundTool } from "#functions/tools/refund.ts";
import { tool, type Tool } from "#functions/tools/tool.ts";
import type { Call } from "./container.ts";
import type { Sim } from "./kernel.ts";
import type { Ledger } from "./ledger.ts";

const schema = z.strictObject({ customer: z.int() });

export const rehearsedTools = (sim: Sim, call: Call, ledger: Ledger, site: () => string): Tool[] => {
  const run = (name: string) =>
    tool({
      policy: { name, effect: name === "order-status" ? "reads" : "writes" },
      description: name,
      schema,
      run: async ({ customer }, { scope, timeoutMs }) => {
        const at = site();
        ledger.toolRan(customer, scope);
        const ms = sim.fault("tool-fails", at) ? timeoutMs : sim.between(`tool ${at}`, 20, 400);
        return call(
          `tool.${name}`,
          async () => {
            if (ms >= timeoutMs) throw new Error("the tool takes too long");
            return { status: "on its way" };
          },
          { delayMs: Math.min(ms, timeoutMs), faults: ["crash-before", "crash-after"] },
        );
      },
    });
  return [run("order-status"), run("note-wish"), handOverTool, refundTool];
};

/** What a model asks for that was shown the words of this customer: mostly something sensible. */
export const toolCalls = (sim: Sim, site: string, customer: number): ToolCall[] => {
  if (sim.unit(`uses tools ${site}`) > 0.2) return [];
  const count = sim.pick(`tools ${site}`, [1, 1, 1, 2, 5]);
  return Array.from({ length: count }, (_, index) => ({
    // now and then, the same call twice
    callId: `call-${sim.unit(`twice ${site} ${index}`) < 0.1 ? 0 : index}`,
    ...sim.pick(`tool ${site} ${index}`, [
      { name: "order-status", arguments: { customer } },
      { name: "order-status", arguments: { customer } },
      { name: "order-status", arguments: { customer } },
      { name: "note-wish", arguments: { customer } },
      { name: "order-status", arguments: "of whoever has phone 34600000009" },
      { name: "drop-all-tables", arguments: {} },
      { name: "refund", arguments: { order: "A-1001" } },
      { name: "hand-over", arguments: {} },
    ]),
  }));
};
