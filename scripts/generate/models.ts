import { catalogue, type CatalogueEntry } from "#core/clients/bedrock/model-catalogue.ts";
import { code, table } from "./markdown.ts";

export const modelsTable = (): string => {
  const rows = catalogue.map((entry) => [
    code(entry.id),
    Object.keys(entry.profiles).join(", "),
    `${dollars(entry.prices.input)} / ${dollars(entry.prices.output)}`,
    entry.cacheTokensMin === undefined ? "no" : `from ${entry.cacheTokensMin} tokens`,
    ways[entry.structured],
    `${entry.speed.firstTokenMs} ms, ${entry.speed.tokensPerSecond}/s (${entry.speed.basis})`,
    String(entry.tier),
    entry.lifecycle,
  ]);
  const header = [
    "Model",
    "Profiles",
    "$ per million tokens in / out",
    "Prompt cache",
    "Answers by",
    "First token, tokens",
    "Tier",
    "Lifecycle",
  ];
  return `${table(header, rows)}\n`;
};

const ways: Record<CatalogueEntry["structured"], string> = {
  schema: "schema; a forced tool beside others",
  "forced-tool": "a forced tool",
  "asked-tool": "a tool it is asked to use",
};

const dollars = (price: number): string => String(Number(price.toFixed(4)));
