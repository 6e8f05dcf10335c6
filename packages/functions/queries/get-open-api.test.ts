import { describe, expect, it } from "vitest";
import * as z from "zod";
import { upcast } from "#core/events/catalogue.ts";
import { ConversationEvent } from "#core/events/conversation.ts";
import { stream } from "#core/testing/given.ts";
import { golden } from "#core/testing/golden.ts";
import { queryHilo } from "../testing/query-hilo.ts";

type Json = Record<string, unknown>;
type Answers = { description: string; content?: Record<string, { schema: Json; example?: unknown }> };
type Operation = {
  operationId: string;
  summary: string;
  security: Json[];
  parameters?: { name: string; in: string; required: boolean; schema: Json; description: string }[];
  responses: Record<string, Answers>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; securitySchemes: Json };
};

const { body, status } = await queryHilo().get("/openapi.json", {});
const document = body as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
);

/** A schema of the document as one to validate with. */
const validator = (schema: Json) => {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll(
    "#/components/schemas/",
    "#/$defs/",
  );
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
};

const answerOf = (path: string, code: string) =>
  Object.values(Object.values(document.paths[path] ?? {})[0]?.responses[code]?.content ?? {})[0];

describe("the OpenAPI document", () => {
  it("says what it is, and how to authenticate", () => {
    expect(status).toBe(200);
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Hilo API", version: "1" },
    });
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: "http", scheme: "bearer" } });
  });

  it("has every route of the app, and no other", () => {
    const routes = queryHilo().app.routes.filter(({ method }) => method !== "ALL");
    const served = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
  });

  it.each(operations)(
    "describes $method $path to the last parameter",
    async ({ path, operationId, summary, parameters = [], responses, security }) => {
      expect([operationId, summary]).toEqual([expect.stringMatching(/^[a-z]\w+$/), expect.any(String)]);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        parameters.filter((one) => one.in === "path").map(({ name, required }) => [name, required]),
      ).toEqual(inPath.map((name) => [name, true]));
      for (const parameter of parameters) {
        expect(parameter.required).toBe(parameter.in === "path");
        expect([parameter.description, parameter.schema["type"]]).toEqual([
          expect.any(String),
          expect.any(String),
        ]);
      }
      const open = ["/health", "/openapi.json"].includes(path);
      expect(security).toEqual(open ? [] : [{ bearer: [] }]);
      expect(Object.keys(responses)).toEqual(
        expect.arrayContaining(open ? ["200"] : ["200", "400", "401", "500"]),
      );
      for (const answer of Object.values(responses)) expect(answer.description).toEqual(expect.any(String));
    },
  );

  it("names each parameter that is read, with its bounds", () => {
    const named = Object.fromEntries(
      operations.map(({ path, parameters = [] }) => [path, parameters.map(({ name }) => name)]),
    );
    expect(named).toEqual({
      "/conversations": ["state", "limit", "cursor"],
      "/conversations/{id}": ["id", "at"],
      "/conversations/{id}/messages": ["id", "at", "limit", "cursor"],
      "/conversations/{id}/events": ["id", "at", "from", "limit", "cursor"],
      "/conversations/{id}/context": ["id", "at", "atLeast", "tokens"],
      "/conversations/{id}/media/{messageId}": ["id", "messageId", "range"],
      "/parked-sends": ["limit", "cursor"],
      "/conversations/{id}/costs": ["id", "from", "to"],
      "/costs": ["from", "to"],
      "/conversations/{id}/sends/{sendId}/resolution": ["id", "sendId"],
      "/conversations/{id}/take-over": ["id"],
      "/conversations/{id}/resume": ["id"],
      "/health": [],
      "/openapi.json": [],
    });
    for (const { parameters = [] } of operations) {
      for (const { schema } of parameters.filter(({ name }) => name === "limit")) {
        expect(schema).toEqual({ type: "integer", minimum: 1, maximum: 200, default: 50 });
      }
    }
  });

  it("refers to nothing that is not there, and has nothing that nobody refers to", () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(referred)).toEqual(new Set(Object.keys(document.components.schemas)));
  });

  it("has an example of every answer, and each is one", () => {
    const answers = operations.flatMap(({ path, responses }) =>
      Object.entries(responses["200"]?.content ?? {})
        .filter(([type]) => type === "application/json")
        .map(([, answer]) => ({ path, ...answer })),
    );
    expect(answers.length).toBe(12);
    for (const { path, schema, example } of answers)
      expect([path, validator(schema).safeParse(example).error]).toEqual([path, undefined]);
  });

  it("has the schemas of what is really answered, of every event there is", async () => {
    const hilo = queryHilo();
    const events = golden
      .map((sample) => ConversationEvent.safeParse(upcast(sample)).data)
      .filter((event) => event !== undefined);
    await hilo.record(stream, ...events.filter(({ type }) => type !== "ContactErased"));
    await hilo.project(stream);
    const conversation = "/conversations/{id}";
    const calls: [string, string, number][] = [
      ["/conversations", "", 200],
      ["/conversations", "?limit=0", 400],
      ["/conversations", "?cursor=x", 400],
      [conversation, "", 200],
      [conversation, "?at=9999", 404],
      [`${conversation}/messages`, "", 200],
      [`${conversation}/messages`, "?at=12", 200],
      [`${conversation}/events`, "?limit=200", 200],
      [`${conversation}/events`, "?limit=1", 200],
      [`${conversation}/context`, "", 200],
      ["/parked-sends", "", 200],
      [`${conversation}/costs`, "?from=2026-11-01&to=2026-11-30", 200],
      [`${conversation}/costs`, "?from=2026-11-02&to=2026-11-01", 400],
      ["/costs", "", 200],
      [`${conversation}/take-over`, "", 409],
      [`${conversation}/sends/{sendId}/resolution`, "", 400],
      ["/health", "", 200],
    ];
    for (const [path, query, code] of calls) {
      const url = path.replace("{id}", stream) + query;
      const isCommand = document.paths[path]?.["post"] !== undefined;
      const { status, body } = await (isCommand ? hilo.post(url, { by: "ana" }) : hilo.get(url));
      const schema = validator(answerOf(path, String(code))?.schema ?? {});
      expect([path, query, status, schema.safeParse(body).error]).toEqual([path, query, code, undefined]);
      const wrong = { ...body, items: [{}], days: [{}], version: "x", status: "x" };
      expect([path, query, schema.safeParse(wrong).success]).toEqual([path, query, false]);
    }
  });
});
