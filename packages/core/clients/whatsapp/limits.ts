/**
 * How much WhatsApp takes at once. Sources: Cloud API, "Text messages", "Interactive reply buttons messages",
 * "Interactive list messages" and "Media"; texts are counted in code points.
 */
import type { OutboundContent } from "../../events/conversation.ts";
import { textCodePointsMax } from "../whatsapp-text.ts";

const MB = 1024 * 1024;

export const limits = {
  text: textCodePointsMax,
  /** Of a message with buttons or a list. */
  interactive: { body: 1_024, footer: 60 },
  buttons: { count: 3, title: 20, id: 256 },
  list: { rows: 10, title: 24, description: 72, id: 200, button: 20 },
  caption: 1_024,
  /** Our own mark on a message, which comes back with its statuses. */
  sendRef: 512,
  fileBytes: { image: 5 * MB, audio: 16 * MB, video: 16 * MB, document: 100 * MB },
} as const;

export const codePoints = (text: string): number => [...text].length;

/** Why WhatsApp would refuse this content, or undefined when it fits. */
export const fits = (content: OutboundContent): string | undefined => {
  switch (content.type) {
    case "text":
      return tooLong("text", limits.text, content.text);
    case "buttons":
      return tooLong("text", limits.interactive.body, content.text) ?? unfitButtons(content.buttons);
    case "list":
      return (
        tooLong("text", limits.interactive.body, content.text) ??
        tooLong("list-button", limits.list.button, content.button) ??
        unfitRows(content.rows)
      );
    case "audio":
      // A voice has no caption, and to leave it out in silence would lose what it says.
      return content.caption === undefined ? undefined : "caption-not-possible";
    case "image":
    case "video":
    case "document":
      return tooLong("caption", limits.caption, content.caption);
    case "template":
      return undefined;
  }
};

/** Why WhatsApp would not take this file, or undefined when it would. */
export const fitsUpload = (mimeType: string, bytes: number): string | undefined => {
  if (bytes === 0) return "file-empty";
  return bytes > limits.fileBytes[kindOf(mimeType)] ? "file-too-large" : undefined;
};

type Kind = keyof typeof limits.fileBytes;

const kindOf = (mimeType: string): Kind => {
  const family = mimeType.trim().toLowerCase().split("/")[0];
  return family === "image" || family === "audio" || family === "video" ? family : "document";
};

type Of<Type extends OutboundContent["type"]> = Extract<OutboundContent, { type: Type }>;

const unfitButtons = (buttons: Of<"buttons">["buttons"]): string | undefined => {
  const { count, id, title } = limits.buttons;
  return (
    wrongNumber("buttons", count, buttons) ??
    tooLong("button-id", id, ...buttons.map((button) => button.id)) ??
    tooLong("button-title", title, ...buttons.map((button) => button.title)) ??
    repeated("button-id", buttons) ??
    // The customer could not tell them apart; Meta refuses them too.
    repeated(
      "button-title",
      buttons.map((button) => ({ id: button.title })),
    )
  );
};

const unfitRows = (all: Of<"list">["rows"]): string | undefined => {
  const { rows, id, title, description } = limits.list;
  return (
    wrongNumber("rows", rows, all) ??
    tooLong("row-id", id, ...all.map((row) => row.id)) ??
    tooLong("row-title", title, ...all.map((row) => row.title)) ??
    tooLong("row-description", description, ...all.map((row) => row.description)) ??
    repeated("row-id", all)
  );
};

const tooLong = (what: string, max: number, ...texts: readonly (string | undefined)[]): string | undefined =>
  texts.some((text) => text !== undefined && codePoints(text) > max) ? `${what}-too-long` : undefined;

const wrongNumber = (what: string, max: number, items: readonly unknown[]): string | undefined => {
  if (items.length === 0) return `no-${what}`;
  return items.length > max ? `too-many-${what}` : undefined;
};

const repeated = (what: string, items: readonly { id: string }[]): string | undefined =>
  new Set(items.map(({ id }) => id)).size < items.length ? `${what}-repeated` : undefined;
