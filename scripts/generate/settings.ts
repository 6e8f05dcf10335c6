import { readFileSync } from "node:fs";
import { Config, readConfig } from "#core/config.ts";
import { docComments } from "./doc-comments.ts";
import { code, table } from "./markdown.ts";

export const settingsTable = (): string => {
  const source = readFileSync(new URL("../../packages/core/config.ts", import.meta.url), "utf8");
  const comments = docComments(source);
  const defaults: Record<string, string | number | string[] | undefined> = readConfig({});
  const rows = Object.keys(Config.shape).map((name) => {
    const meaning = comments.get(`Config.${name}`);
    if (!meaning) throw new Error(`${name} has no doc comment in config.ts`);
    const standard = [defaults[name] ?? ""].flat().join(",");
    return [code(name), standard ? code(standard) : "", meaning];
  });
  return `${table(["Setting", "Default", "Means"], rows)}\n`;
};
