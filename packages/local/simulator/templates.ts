/** The templates that the simulated Meta has approved. */
import * as z from "zod";
import type { GraphError } from "./graph-errors.ts";

/** A template that the business says it has. What it says only Meta knows. */
export type ConfiguredTemplate = { name: string; language: string; parameters: readonly unknown[] };

/** `body` has `{{1}}`, `{{2}}` … where the parameters go. */
export type Template = { name: string; language: string; body: string };

const hello = "Welcome and congratulations! This message shows that you can send templates.";
const reopen = {
  en: "Hello {{1}}, we have an answer to your question. Reply to this message, and we go on from there.",
  es: "Hola, {{1}}: tenemos una respuesta a tu pregunta. Contesta a este mensaje y seguimos desde ahí.",
};

const samples: readonly Template[] = [
  { name: "hello_world", language: "en", body: hello },
  { name: "hello_world", language: "en_US", body: hello },
  { name: "reopen_conversation", language: "en", body: reopen.en },
  { name: "reopen_conversation", language: "es", body: reopen.es },
];

/** Two samples, and what is configured, whose words are made up. */
export const approvedTemplates = (configured: readonly ConfiguredTemplate[]): Template[] => [
  ...samples.filter(
    (sample) =>
      !configured.some(({ name, language }) => name === sample.name && language === sample.language),
  ),
  ...configured.map(({ name, language, parameters }) => ({
    name,
    language,
    body: [`[${name}]`, ...parameters.map((_, index) => `{{${index + 1}}}`)].join(" "),
  })),
];

const TemplateContent = z.looseObject({
  name: z.string(),
  language: z.looseObject({ code: z.string() }),
  components: z
    .array(
      z.looseObject({
        type: z.string(),
        parameters: z.array(z.looseObject({ text: z.string().optional() })).optional(),
      }),
    )
    .optional(),
});

/** What the customer reads, or why there is no such template. */
export const fillTemplate = (
  templates: readonly Template[],
  content: unknown,
): { text: string } | { refused: GraphError } => {
  const parsed = TemplateContent.safeParse(content);
  if (!parsed.success)
    return { refused: { code: 131008, details: "template needs a name and a language code" } };
  const { name, language, components = [] } = parsed.data;
  const template = templates.find((it) => it.name === name && it.language === language.code);
  if (!template)
    return {
      refused: { code: 132001, details: `template name (${name}) does not exist in ${language.code}` },
    };
  const given = components.find(({ type }) => type.toLowerCase() === "body")?.parameters ?? [];
  const wanted = new Set(template.body.match(/\{\{\d+\}\}/g)).size;
  if (given.length !== wanted)
    return {
      refused: {
        code: 132000,
        details: `body: number of localizable_params (${given.length}) does not match the expected number of params (${wanted})`,
      },
    };
  return {
    text: template.body.replace(/\{\{(\d+)\}\}/g, (_, place) => given[Number(place) - 1]?.text ?? ""),
  };
};
