import { catalogue, expectedMsOf } from "#core/clients/bedrock/model-catalogue.ts";
import { readConfig } from "#core/config.ts";
import { usualReplyTokens } from "#functions/models/prompt-size.ts";
import { code, table } from "../generate/markdown.ts";
import { afterModelMs, hops, simulate } from "./simulate.ts";

export const runs = 20_000;
export const seed = 1;

const header = [
  "Model",
  "Expected",
  "p50",
  "p90",
  "within 2 s",
  "asked for patience",
  "p50 without the quiet",
  "p90",
];

/** What every model of the catalogue makes of the time budget, with the quiet time as it is set, and without. */
export const latencyTables = (): string => {
  const { HILO_QUIET_MS: quietMs } = readConfig({});
  const rows = catalogue.map((model) => {
    const usual = simulate(model, { quietMs, runs, seed });
    const eager = simulate(model, { quietMs: 0, runs, seed });
    const speed = model.speed.basis === "assumed" ? " (assumed)" : "";
    return [
      code(model.id),
      `${ms(expectedMsOf(model, usualReplyTokens))}${speed}`,
      ms(usual.p50Ms),
      ms(usual.p90Ms),
      percent(usual.withinTarget),
      percent(usual.held),
      ms(eager.p50Ms),
      ms(eager.p90Ms),
    ];
  });
  const hopRows = Object.entries(hops).map(([hop, [p10, p90]]) => [hop, `${p10} to ${p90}`]);
  return [
    table(["Hop", "ms, 80 of 100"], hopRows),
    "",
    `After the model the pipeline reckons with ${afterModelMs.assumed} ms; the hops above come to ${afterModelMs.usual}.`,
    "",
    table(header, rows),
    "",
  ].join("\n");
};

const ms = (value: number): string => `${value.toLocaleString("en")} ms`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
