import { expect, test } from "vitest";
import { aCommit } from "../testing/commits.ts";
import { commitFromItem, commitImage, commitItem } from "./commit-item.ts";

const commit = aCommit("a", 7, { count: 3, body: Uint8Array.of(0, 255, 128), causationId: "cause" });

test("an item has the names that the table stores", () => {
  expect(commitItem(commit)).toEqual({
    pk: { S: "a" },
    sk: { N: "7" },
    n: { N: "3" },
    body: { B: Uint8Array.of(0, 255, 128) },
    subject: { S: "subject" },
    commitId: { S: "a@7" },
    at: { S: "2026-11-23T12:00:00.000Z" },
    causationId: { S: "cause" },
  });
});

test.each([commit, aCommit("b", 1)])(
  "commit $commitId is read from an item and from a stream record",
  (each) => {
    const body = Uint8Array.from(each.body);
    for (const stored of [commitItem(each), commitImage(each)]) {
      const read = commitFromItem(stored);
      expect({ ...read, body: Uint8Array.from(read.body) }).toEqual({ ...each, body });
    }
    expect(JSON.parse(JSON.stringify(commitImage(each)))).toEqual(commitImage(each));
  },
);

test.each(["pk", "sk", "n", "body", "subject", "commitId", "at"])("an item without %s is refused", (name) => {
  expect(() => commitFromItem({ ...commitItem(commit), [name]: undefined })).toThrow(
    new TypeError(`an item without ${name} is no commit`),
  );
});
