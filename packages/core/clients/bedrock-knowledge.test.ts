import { BedrockAgentRuntimeClient, type RetrieveResponse } from "@aws-sdk/client-bedrock-agent-runtime";
import { expect, test } from "vitest";
import { recordedAws, type Recorded } from "../testing/recorded-aws.ts";
import { bedrockKnowledge } from "./bedrock-knowledge.ts";
import { ModelFault } from "./model.ts";

const answered: RetrieveResponse = {
  retrievalResults: [
    {
      content: { type: "TEXT", text: "Todo el pan es de masa madre." },
      location: { type: "S3", s3Location: { uri: "s3://cafe-hilo/knowledge/carta.es.pdf" } },
      score: 0.71,
      metadata: {
        language: "es",
        title: "Nuestra carta",
        "x-amz-bedrock-kb-document-page-number": 3,
        "x-amz-bedrock-kb-source-uri": "s3://cafe-hilo/knowledge/carta.es.pdf",
      },
    },
    {
      content: { type: "TEXT", text: "Abrimos de 8 a 20." },
      location: { type: "WEB", webLocation: { url: "https://cafe.example/horario" } },
      score: 0.43,
    },
    { content: { type: "TEXT", text: "De ninguna parte." }, score: 0.4 },
    {
      content: { type: "IMAGE", byteContent: "data:image/png;base64,AAAA" },
      location: { type: "S3", s3Location: { uri: "s3://cafe-hilo/logo.png" } },
      score: 0.3,
    },
  ],
};

const isSlow = (recorded: Recorded): boolean => recorded !== "hang-up" && recorded.after !== undefined;

const search = async (recorded: Recorded, question = "¿qué pan tenéis?") => {
  await using aws = await recordedAws(recorded);
  const client = new BedrockAgentRuntimeClient(aws.client);
  const knowledge = bedrockKnowledge({
    client,
    knowledgeBaseId: "KB12345678",
    timeoutMs: isSlow(recorded) ? 100 : 20_000,
  });
  const found = await knowledge.search(question, "es").catch((error: unknown) => error);
  client.destroy();
  return { found, asked: aws.asked };
};

test("text that has a place is found, with Bedrock's score and the page where there is one", async () => {
  const { found } = await search({ body: answered });
  expect(found).toEqual([
    {
      source: "carta.es.pdf#page=3",
      language: "es",
      title: "Nuestra carta",
      heading: "Nuestra carta",
      also: "",
      text: "Todo el pan es de masa madre.",
      confidence: 0.71,
    },
    expect.objectContaining({ source: "https://cafe.example/horario", confidence: 0.43 }),
  ]);
});

test("the question goes out in its language only", async () => {
  const { asked } = await search({ body: answered });
  expect(asked).toEqual([
    {
      method: "POST",
      path: "/knowledgebases/KB12345678/retrieve",
      body: {
        retrievalQuery: { text: "¿qué pan tenéis?" },
        retrievalConfiguration: {
          vectorSearchConfiguration: {
            numberOfResults: 10,
            filter: { equals: { key: "language", value: "es" } },
          },
        },
      },
    },
  ]);
});

test("nothing asked is nothing found, without a call", async () => {
  expect(await search({ body: answered }, " ")).toEqual({ found: [], asked: [] });
});

test.each<[string, Recorded, Partial<ModelFault>]>([
  [
    "asked with a bad signature",
    { status: 403, error: "InvalidSignatureException", body: { message: "" } },
    { kind: "invalid", retry: "never" },
  ],
  [
    "throttled",
    { status: 429, error: "ThrottlingException", body: { message: "Rate exceeded" } },
    { kind: "throttled", retry: "later" },
  ],
  [
    "refused",
    { status: 403, error: "AccessDeniedException", body: { message: "not authorized" } },
    { kind: "invalid", retry: "never" },
  ],
  [
    "of another region",
    { status: 404, error: "ResourceNotFoundException", body: { message: "no such knowledge base" } },
    { kind: "invalid", retry: "never" },
  ],
  [
    "down",
    { status: 500, error: "InternalServerException", body: { message: "try again" } },
    { kind: "unavailable", retry: "later" },
  ],
  ["gone", "hang-up", { retry: "later" }],
  ["slow", { body: answered, after: 20_000 }, { kind: "timeout", retry: "later" }],
])("one that is %s is a fault that says what to do", async (_, recorded, fault) => {
  const { found } = await search(recorded);
  expect(found).toBeInstanceOf(ModelFault);
  expect(found).toMatchObject(fault);
});
