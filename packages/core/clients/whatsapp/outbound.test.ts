import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { OutboundContent } from "../../events/conversation.ts";
import { isRecord, record } from "./json.ts";
import { written } from "./outbound.ts";

const today = { id: "today", title: "Today" };
const later = { id: "later", title: "Later" };

const forms: readonly [content: OutboundContent, body: object, example: string][] = [
  [
    { type: "text", text: "Hello" },
    { type: "text", text: { preview_url: false, body: "Hello" } },
    "send-text-message",
  ],
  [
    { type: "buttons", text: "When?", buttons: [today, later] },
    {
      type: "interactive",
      interactive: {
        type: "button",
        body: { text: "When?" },
        action: {
          buttons: [
            { type: "reply", reply: { id: "today", title: "Today" } },
            { type: "reply", reply: { id: "later", title: "Later" } },
          ],
        },
      },
    },
    "send-reply-button",
  ],
  [
    {
      type: "list",
      text: "When?",
      button: "Choose",
      rows: [{ ...today, description: "Until 22:00" }, later],
    },
    {
      type: "interactive",
      interactive: {
        type: "list",
        body: { text: "When?" },
        action: {
          button: "Choose",
          sections: [
            {
              rows: [
                { id: "today", title: "Today", description: "Until 22:00" },
                { id: "later", title: "Later" },
              ],
            },
          ],
        },
      },
    },
    "send-list-message",
  ],
  [{ type: "image", mediaId: "7" }, { type: "image", image: { id: "7" } }, "send-image-message-by-id"],
  [
    { type: "video", mediaId: "7", caption: "How" },
    { type: "video", video: { id: "7", caption: "How" } },
    "send-video-message-by-id",
  ],
  [{ type: "audio", mediaId: "7" }, { type: "audio", audio: { id: "7" } }, "send-audio-message-by-id"],
  [
    { type: "document", mediaId: "7", caption: "Menu", filename: "menu.pdf" },
    { type: "document", document: { id: "7", caption: "Menu", filename: "menu.pdf" } },
    "send-document-message-by-id",
  ],
  [
    { type: "template", name: "order_ready", language: "es_MX", parameters: ["Ana", "A-17"] },
    {
      type: "template",
      template: {
        name: "order_ready",
        language: { code: "es_MX" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: "Ana" },
              { type: "text", text: "A-17" },
            ],
          },
        ],
      },
    },
    "send-message-template-text",
  ],
  [
    { type: "template", name: "hello_world", language: "en_US", parameters: [] },
    { type: "template", template: { name: "hello_world", language: { code: "en_US" } } },
    "send-test-message",
  ],
];

describe("the body of a request", () => {
  test.each(forms)("$type", (content, body) => {
    expect(written(content)).toEqual(body);
  });

  test.each(["image", "video", "document"] as const)("has no field that is empty: %s", (type) => {
    const content = { type, mediaId: "7", caption: "", filename: "" };
    expect(written(content)).toStrictEqual({ type, [type]: { id: "7" } });
  });
});

/** The collection of Meta's own examples, where it is at hand. */
const FOLDER = "../shared/fixtures/whatsapp/meta-openapi-send";

describe.skipIf(!existsSync(FOLDER))("Meta's own example has", () => {
  test.each(forms)("every field of ours, of the same type: $type", (content, _, example) => {
    const meta = record(JSON.parse(readFileSync(`${FOLDER}/${example}.json`, "utf8")));
    expect(fieldsOf(meta)).toEqual(expect.arrayContaining(fieldsOf(written(content))));
    expect(written(content)).toMatchObject({ type: meta.type });
  });
});

/** The path and type of every field, whichever item of a list it is in. */
const fieldsOf = (value: unknown, path = ""): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`));
  if (!isRecord(value)) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([name, field]) => fieldsOf(field, `${path}.${name}`));
};
