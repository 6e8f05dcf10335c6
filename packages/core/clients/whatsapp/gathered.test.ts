/** Every webhook that was gathered from other projects' tests, where that collection is at hand. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ConversationEvent } from "../../events/conversation.ts";
import { testIds } from "../../testing/whatsapp.ts";
import { list, record } from "./json.ts";
import { parseBody } from "./parse-body.ts";
import { parseWebhook } from "./webhook.ts";

const FOLDER = "../shared/fixtures/whatsapp";
const files = existsSync(FOLDER)
  ? globSync("{pywa,meta-openapi,derived,aws-eum-social}/*.json", { cwd: FOLDER }).toSorted()
  : [];
const bodyOf = (file: string) => parseBody(readFileSync(`${FOLDER}/${file}`));
const isWebhook = (file: string) => record(bodyOf(file)).entry !== undefined;

/** How many updates a webhook holds, counted without the parser. */
const countIn = (body: unknown): number =>
  list(record(body).entry)
    .flatMap((entry) => list(record(entry).changes))
    .map((change) => {
      const { field, value } = record(change);
      const lists = ["messages", "message_echoes", "statuses", "errors"].map(
        (name) => list(record(value)[name]).length,
      );
      return field === "messages" || field === "smb_message_echoes"
        ? lists.reduce((sum, count) => sum + count)
        : 1;
    })
    .reduce((sum, count) => sum + count, 0);

describe.skipIf(files.length === 0)("the gathered webhooks", () => {
  test.each(files.filter(isWebhook))("%s is understood, item by item", (file) => {
    const body = bodyOf(file);
    const updates = parseWebhook(body, testIds);
    expect(updates).toHaveLength(countIn(body));
    expect(updates.filter(({ kind }) => kind === "malformed")).toEqual([]);
    const events = updates.flatMap((update) => ("event" in update ? [update.event] : []));
    for (const event of events) expect(ConversationEvent.parse(event)).toEqual(event);
    expect(
      events.filter((event) => "content" in event.data && event.data.content.type === "unknown"),
    ).toEqual([]);
  });

  test.each(files.filter((file) => !isWebhook(file)))("%s is no webhook of Meta's, and is kept", (file) => {
    expect(parseWebhook(bodyOf(file), testIds)).toMatchObject([{ kind: "malformed" }]);
  });
});
