import { readFileSync } from "node:fs";
import * as z from "zod";
import { schemas, schemaVersion } from "#core/events/catalogue.ts";
import { ConversationEvent } from "#core/events/conversation.ts";
import { UpdateEvent } from "#core/events/update.ts";
import { docComments } from "./doc-comments.ts";
import { descriptions } from "./event-descriptions.ts";
import { goldenSample } from "./golden-sample.ts";
import { code, table } from "./markdown.ts";
import { fieldsOf, shapes } from "./schema-fields.ts";

const comments = new Map(
  ["conversation", "update", "content"].flatMap((name) => [
    ...docComments(readFileSync(new URL(`../../packages/core/events/${name}.ts`, import.meta.url), "utf8")),
  ]),
);

/** Every event there is, from its schema. */
export const eventsPage = (): string =>
  [
    introduction,
    "## Of a conversation\n",
    overview(typesOf(ConversationEvent)),
    "## Of no conversation\n",
    "Each has a stream of its own, `update-…` or `unmatched-…`.\n",
    overview(typesOf(UpdateEvent)),
    ...[...schemas.keys()].map(eventSection),
    "## Shapes\n",
    ...shapes.map(({ name, schema }) => shapeSection(name, schema)),
  ].join("\n");

const introduction = `<!-- Generated from packages/core/events by \`npm run generate\`. -->

# Events

Everything that Hilo records. An event is a fact: it is never changed and never removed.
Names and fields are the storage format, so they are only ever added to.

Around its \`data\`, each event has the \`stream\` it is in, its \`version\` there (1, 2, 3 …), \`at\` (our clock),
the \`commitId\` of the decision it came from and, where another event led to it, that one's id as \`causationId\`.

A field marked ? may be absent. 🔒 marks personal data: stored encrypted with the person's own key, and \`[erased]\` once that is destroyed.
A \`messageId\` is a keyed hash of WhatsApp's own id, and a \`digest\` tells a redelivery from other news under the same id.
`;

const typesOf = (union: { options: readonly { shape: { type: z.ZodLiteral } }[] }): string[] =>
  union.options.map(({ shape }) => String(shape.type.value));

const overview = (types: readonly string[]): string =>
  `${table(
    ["Event", "Says"],
    types.map((type) => [`[${type}](#${type.toLowerCase()})`, described(type)]),
  )}\n`;

const described = (type: string): string => {
  const text = [descriptions[type], comments.get(type)].filter(Boolean).join(" ");
  if (!text) throw new Error(`${type} needs a doc comment, or a line in event-descriptions.ts`);
  return text;
};

const eventSection = (type: string): string => {
  const { file, text } = goldenSample(type);
  const data = schemas.get(type)?.shape.data;
  return [
    `## ${type}\n`,
    `${described(type)} Schema version ${schemaVersion(type)}.\n`,
    data ? fieldsTable(type, data) : "",
    `<details><summary>Sample</summary>\n`,
    `[${file}](../packages/core/events/golden/${file})\n`,
    `\`\`\`json\n${text}\n\`\`\`\n`,
    "</details>\n",
  ].join("\n");
};

const shapeSection = (name: string, schema: z.core.$ZodType): string => {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const rows = schema.options.map((option) => {
      const [type, ...fields] = fieldsOf(option);
      return [type?.type ?? "", fields.map((field) => shown(field)).join(", ")];
    });
    return `### ${name}\n\n${table(["`type`", "Fields"], rows)}\n`;
  }
  return `### ${name}\n\n${fieldsTable(name, schema)}`;
};

const fieldsTable = (owner: string, schema: z.core.$ZodType): string => {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return "It has no fields.\n";
  const rows = fields.map((field) => [
    `${code(field.name)}${field.optional ? " ?" : ""}`,
    `${field.type}${field.personal ? " 🔒" : ""}`,
    comments.get(`${owner}.${field.name}`) ??
      comments.get(`inbound.${field.name}`) ??
      comments.get(field.name) ??
      "",
  ]);
  return `${table(["Field", "Type", ""], rows)}\n`;
};

const shown = ({ name, optional, personal }: ReturnType<typeof fieldsOf>[number]): string =>
  `${code(name)}${optional ? " ?" : ""}${personal ? " 🔒" : ""}`;
