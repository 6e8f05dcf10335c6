import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary.ts";
import { fileMediaStore } from "./file-media-store.ts";
import { mediaStoreContract } from "./media-store.contract.ts";
import { mediaKey } from "./media-store.ts";

mediaStoreContract("a folder", async () => fileMediaStore(temporaryFolder()));

it("leaves no half-written file beside those that are whole", async () => {
  const folder = temporaryFolder();
  const store = fileMediaStore(folder);
  await Promise.all([1, 2, 3].map(() => store.put("ana/photo", Buffer.from("x"))));
  expect(readdirSync(join(folder, "ana"))).toEqual(["photo"]);
});

it.each([
  ["ana", "../../etc"],
  ["..", "x"],
  ["ana", ""],
])("makes no key of %j and %j", (owner, name) => {
  expect(() => mediaKey(owner, name)).toThrow(RangeError);
});
