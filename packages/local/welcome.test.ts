import { expect, it } from "vitest";
import { readConfig } from "#core/config.ts";
import { welcome } from "./welcome.ts";

it("the settings' values stand below each other, however long a name is", () => {
  const config = readConfig({});
  const settings = welcome(config, "http://localhost:3000", [])
    .split("\n")
    .flatMap((line) => /^ {4}HILO_\w+ +/.exec(line) ?? []);
  expect(settings).toHaveLength(Object.keys(config).length);
  expect(new Set(settings.map(({ length }) => length)).size).toBe(1);
});
