/** Our words in Converse's. Source: "Converse", "Use a tool", "Prompt caching", "Include a guardrail". */
import type {
  ContentBlock,
  ConverseCommandInput,
  Message,
  SystemContentBlock,
  Tool,
  ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import type { ChatOpening, ChatTurn, OutputForm, Part, ToolAnswer } from "../prompted/chat.ts";
import type { CatalogueEntry } from "./model-catalogue.ts";

/** What is JSON: the SDK's own name for it is not exported. */
type Json = NonNullable<ConverseCommandInput["additionalModelRequestFields"]>;

export type Guardrail = { id: string; version: string };

export type RequestOptions = {
  entry: CatalogueEntry;
  /** The inference profile to ask. */
  profile: string;
  guardrail?: Guardrail | undefined;
};

export const requestOf = (
  options: RequestOptions,
  opening: ChatOpening,
  messages: Message[],
  answerNow: boolean,
): ConverseCommandInput => {
  const { entry, profile, guardrail } = options;
  const { temperature, thinking } = entry.parameters;
  return {
    modelId: profile,
    system: systemOf(entry, opening),
    messages,
    inferenceConfig: {
      maxTokens: opening.outputTokensMax,
      ...(temperature !== undefined && { temperature }),
    },
    ...(thinking && { additionalModelRequestFields: { thinking: { type: thinking } } }),
    ...(byTool(entry, opening)
      ? { toolConfig: toolsOf(entry, opening, answerNow) }
      : { outputConfig: { textFormat: schemaFormat(opening.output) } }),
    ...(guardrail && {
      guardrailConfig: {
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
        trace: "disabled",
      },
    }),
  };
};

/** Whether the answer comes as a tool's arguments. */
export const byTool = (entry: CatalogueEntry, { tools }: ChatOpening): boolean =>
  entry.structured !== "schema" || tools.length > 0;

const schemaFormat = ({ name, description, schema }: OutputForm) => ({
  type: "json_schema" as const,
  structure: { jsonSchema: { name, description, schema: JSON.stringify(schema) } },
});

const charactersPerToken = 4;

/** Tools come before the system prompt in what is cached, so they count. */
const systemOf = (entry: CatalogueEntry, opening: ChatOpening): SystemContentBlock[] => {
  const { instructions, material, tools, output } = opening;
  const asked = `Give what you have to say by calling the tool ${output.name}, and in no other way.`;
  const told = entry.structured === "asked-tool" ? `${instructions}\n\n${asked}` : instructions;
  const stable = told.length + JSON.stringify([tools, output]).length;
  const pays = entry.cacheTokensMin !== undefined && stable / charactersPerToken >= entry.cacheTokensMin;
  return [
    { text: told },
    ...(pays ? [{ cachePoint: { type: "default" as const } }] : []),
    ...(material === "" ? [] : [{ text: material }]),
  ];
};

/**
 * Once tools are used, Converse wants them offered to the end, and it has no way to forbid them: so the last
 * request makes the model use the answer's. A model that can't be made to is offered no other.
 */
const toolsOf = (
  entry: CatalogueEntry,
  { tools, output }: ChatOpening,
  answerNow: boolean,
): ToolConfiguration => {
  const answer = toolOf(output.name, output.description, output.schema);
  const others = tools.map(({ name, description, parameters }) => toolOf(name, description, parameters));
  if (entry.structured === "asked-tool") return { tools: answerNow ? [answer] : [...others, answer] };
  return {
    tools: [...others, answer],
    toolChoice: answerNow || others.length === 0 ? { tool: { name: output.name } } : { any: {} },
  };
};

const toolOf = (name: string, description: string, schema: Record<string, unknown>): Tool => ({
  toolSpec: { name, description, inputSchema: { json: schema as Json } },
});

export const messagesOf = (turns: readonly ChatTurn[], guarded: boolean): Message[] =>
  turns.map(({ from, parts }) => ({
    role: from === "customer" ? "user" : "assistant",
    content: parts.map((part) => block(part, guarded)),
  }));

/** A guardrail that is told what to look at looks at nothing else: so all that is untrusted is marked. */
const block = ({ text, untrusted }: Part, guarded: boolean): ContentBlock =>
  untrusted && guarded ? { guardContent: { text: { text } } } : { text };

/**
 * What came of the model's calls. A guardrail does not look into a tool's result, so with one the result stands
 * beside it. A call of the answer's tool that came together with others is left for later.
 */
export const resultsMessage = (
  asked: Message | undefined,
  results: readonly ToolAnswer[],
  { entry, guardrail }: RequestOptions,
): Message => {
  const guarded = guardrail !== undefined;
  const uses = (asked?.content ?? []).flatMap(({ toolUse }) => (toolUse ? [toolUse] : []));
  const answered = uses.map(({ toolUseId = "" }) => {
    const result = results.find(({ callId }) => callId === toolUseId);
    const said = result?.text ?? "Use this once you have the other tools' results, and alone.";
    const text = guarded && result ? "The result is the untrusted element below." : said;
    const status = result?.ok ? ("success" as const) : ("error" as const);
    // Llama takes none
    return { toolResult: { toolUseId, content: [{ text }], ...(entry.family !== "llama" && { status }) } };
  });
  const beside = guarded ? results.map(({ text }) => ({ guardContent: { text: { text } } })) : [];
  return { role: "user", content: [...answered, ...beside] };
};
