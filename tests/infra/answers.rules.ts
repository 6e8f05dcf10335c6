/** That who answers may ask what the settings name, and nobody else may ask anything. */
import { findEntry, profileOf } from "#core/clients/bedrock/model-catalogue.ts";
import { change, environments, replace, statements, type Graph, type Rule } from "./graph.ts";

/** `InvokeModel arn:…`, of every role: what costs money by the call, and hears what customers say. */
const asked = (graph: Graph): string[] =>
  statements(graph).flatMap(({ name, statement: { Action, Resource = [] } }) =>
    Action.filter((action) => /^(bedrock|lex|sagemaker|comprehend):/.test(action)).flatMap((action) =>
      Resource.map((resource) => `${name} ${action} ${resource}`),
    ),
  );

const arn = (service: string, region: string, rest: string): string =>
  `arn:aws:${service}:${region}:000000000000:${rest}`;

/** What the settings of a function mean that it asks. */
const named = (graph: Graph): string[] =>
  environments(graph).flatMap(({ name, variables }) => {
    const role = name.replace(/Function$/, "Role");
    const region = variables["HILO_BEDROCK_REGION"] ?? "";
    const ids = (variables["HILO_BEDROCK_MODELS"] ?? variables["HILO_BEDROCK_SUMMARY_MODEL"] ?? "").split(
      ",",
    );
    const models = ids.flatMap((id) => {
      const entry = findEntry(id);
      if (!entry) return [];
      return [
        arn("bedrock", region, `inference-profile/${profileOf(entry, id, region)}`),
        `arn:aws:bedrock:*::foundation-model/${entry.id}`,
      ];
    });
    const one = (setting: string, action: string, of: (value: string) => string) => {
      const value = variables[setting];
      return value === undefined ? [] : [`${role} ${action} ${of(value)}`];
    };
    const stage = "us-east-1";
    return [
      ...models.map((model) => `${role} bedrock:InvokeModel ${model}`),
      ...one("HILO_BEDROCK_GUARDRAIL", "bedrock:ApplyGuardrail", (id) =>
        arn("bedrock", region, `guardrail/${id}`),
      ),
      ...one("HILO_KNOWLEDGE_BASE_ID", "bedrock:Retrieve", (id) =>
        arn("bedrock", stage, `knowledge-base/${id}`),
      ),
      ...one("HILO_LEX_BOT_ID", "lex:RecognizeText", (id) =>
        arn("lex", stage, `bot-alias/${id}/${variables["HILO_LEX_BOT_ALIAS_ID"]}`),
      ),
    ];
  });

const without = (some: readonly string[], others: readonly string[]): string[] =>
  some.filter((each) => !others.includes(each));

export const answersRules: Record<string, Rule> = {
  "models, guardrails, knowledge bases and bots are asked as the settings name them, and no other": {
    check: (graph) => [
      ...without(asked(graph), named(graph)).map((each) => `${each}: nothing names it`),
      ...without(named(graph), asked(graph)).map((each) => `${each}: may not`),
    ],
    breaks: {
      "a model that nobody chose": replace(
        "role",
        "GenerateReplyRole",
        "foundation-model/amazon.nova-micro-v1:0",
        "foundation-model/amazon.nova-premier-v1:0",
      ),
      "every model": replace(
        "role",
        "GenerateReplyRole",
        "foundation-model/amazon.nova-micro-v1:0",
        "foundation-model/*",
      ),
      "a profile elsewhere": replace(
        "role",
        "SummariseContextRole",
        "inference-profile/us.",
        "inference-profile/eu.",
      ),
      "something else of Bedrock": replace(
        "role",
        "GenerateReplyRole",
        "bedrock:InvokeModel",
        "bedrock:CreateModelInvocationJob",
      ),
      "who does not answer": replace("role", "ContextRole", "dynamodb:Query", "bedrock:InvokeModel"),
      "a guardrail that can't be asked": change(
        "function",
        "GenerateReplyFunction",
        "environment.variables.HILO_BEDROCK_GUARDRAIL",
        "gr1234567890",
      ),
    },
  },

  "who answers is told how, and what it may spend": {
    check: (graph) =>
      environments(graph)
        .filter(({ name }) => name === "GenerateReplyFunction")
        .flatMap(({ variables }) =>
          ["HILO_MODEL", "HILO_CONTACT_BUDGET_USD", "HILO_CONTACT_REPLIES", "HILO_DAY_BUDGET_USD"].filter(
            (setting) => variables[setting] === undefined,
          ),
        ),
    breaks: {
      "no budget": change(
        "function",
        "GenerateReplyFunction",
        "environment.variables.HILO_DAY_BUDGET_USD",
        undefined,
      ),
    },
  },
};
