import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { stream } from "#core/testing/given.ts";
import { bearerAuth } from "./http/bearer-auth.ts";
import { Problem } from "./http/http.ts";
import { apiKey, queryHilo } from "./testing/query-hilo.ts";

const openPaths = ["/health", "/openapi.json"];

describe("authentication", () => {
  it.each([apiKey, "the-next-key"])("accepts every key there is: %s", async (key) => {
    const hilo = queryHilo();
    expect((await hilo.get("/conversations", { authorization: `Bearer ${key}` })).status).toBe(200);
    expect((await hilo.get("/conversations", { authorization: `bearer ${key}` })).status).toBe(200);
  });

  it.each([
    "",
    "Bearer",
    "Bearer ",
    apiKey,
    `Basic ${apiKey}`,
    `Bearer ${apiKey}x`,
    `Bearer ${apiKey.slice(0, -1)}`,
    `Bearer ${apiKey} ${apiKey}`,
    `Bearer ${"x".repeat(10_000)}`,
  ])("refuses %j", async (authorization) => {
    const { status, problem, headers } = await queryHilo().get("/conversations", { authorization });
    expect([status, problem, headers.get("www-authenticate")]).toEqual([401, "unauthorized", "Bearer"]);
  });

  it("is wanted by every path but two, known or not", async () => {
    const hilo = queryHilo();
    const routes = hilo.app.routes.map(({ path }) => path).filter((path) => !path.includes("*"));
    const paths = [...routes, "/nothing", "/openapi.json/", "/health/x", "//health", "/HEALTH"];
    const answers = await Promise.all(paths.map(async (path) => [path, (await hilo.get(path, {})).status]));
    expect(answers).toEqual(paths.map((path) => [path, openPaths.includes(path) ? 200 : 401]));
    expect(routes).toEqual(expect.arrayContaining(openPaths));
  });

  it("lets nobody in where there are no keys", async () => {
    const app = new Hono().use(bearerAuth([], [])).get("/", (c) => c.text("in"));
    for (const key of ["", "x", "undefined"]) {
      expect((await app.request("/", { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
    }
  });
});

describe("every answer", () => {
  it.each(["/conversations", "/conversations?limit=0", "/nothing", ...openPaths])(
    "may not be kept, nor its type guessed: %s",
    async (path) => {
      const { headers } = await queryHilo().get(path);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    },
  );

  const secret = "secret-34600000001";
  it.each([
    `/${secret}`,
    `/conversations/${secret}`,
    `/conversations?${secret}=1`,
    `/conversations?state=${secret}`,
    `/conversations?cursor=${secret}`,
    `/conversations/${stream}?at=${secret}`,
  ])("that is an error is a problem, and does not repeat what was asked: %s", async (path) => {
    const { status, headers, body } = await queryHilo().get(path);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(Problem.strict().parse(body).status).toBe(status);
    expect(JSON.stringify(body)).not.toContain(secret);
  });
});

it.each(["0", "201", "-1", "1.5", "", "ten", "9999999999", "99999999999"])(
  "a limit of %j is refused in words that say what is allowed",
  async (limit) => {
    for (const path of ["/conversations", `/conversations/${stream}/messages`]) {
      const { status, body } = await queryHilo().get(`${path}?limit=${limit}`);
      const errors = [{ parameter: "limit", detail: "expected a whole number from 1 to 200" }];
      expect([status, body["errors"]]).toEqual([400, errors]);
    }
  },
);

describe("what is not there", () => {
  it("is a problem", async () => {
    expect(await queryHilo().get("/nothing")).toMatchObject({ status: 404, problem: "not-found" });
  });

  it.each(["/conversations", `/conversations/${stream}/messages`])(
    "as a method: the answer says which are, %s",
    async (path) => {
      const request = { method: "POST", headers: { authorization: `Bearer ${apiKey}` } };
      const answer = await queryHilo().app.request(path, request);
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      expect(await answer.json()).toMatchObject({ type: "/problems/method-not-allowed", status: 405 });
    },
  );

  it.each(["", "/messages", "/events", "/context"])(
    "as a conversation, whatever its id: /conversations/{id}%s",
    async (rest) => {
      const long = `conversation-${"0".repeat(26)}-${"1".repeat(65)}`;
      const ids = [stream, `${stream}x-`, "conversation-x-1", "%00", "%E0%A4%A", "__proto__", long];
      const hilo = queryHilo();
      for (const id of [
        ...ids.map((id) => id + rest),
        `${stream}${rest}?at=1`,
        `${stream}${rest}?at=${noon}`,
      ]) {
        const { status, problem } = await hilo.get(`/conversations/${id}`);
        expect([id, status, problem]).toEqual([id, 404, "unknown-conversation"]);
      }
    },
  );
  const noon = "2026-11-23T12:00:00Z";
});

describe("an unexpected error", () => {
  it("is told by an id alone, under which the log has it", async () => {
    const hilo = queryHilo();
    hilo.store.log.head = () => Promise.reject(new Error("34600000001 is not welcome"));
    const { status, problem, body } = await hilo.get(`/conversations/${stream}/events`);
    expect([status, problem]).toEqual([500, "internal-error"]);
    const [entry] = hilo.logged;
    expect(body["instance"]).toBe(`urn:uuid:${entry?.incident}`);
    expect(entry?.error).toContain("Error at api.test.ts:");
    expect(JSON.stringify([body, hilo.logged])).not.toContain("34600000001");
  });
});

describe("parameters", () => {
  const conversation = `/conversations/${stream}`;
  const wholeNumbers = ["0", "-1", "1.5", "1e2", "", " 5", "0x10", "x", "99999999999"];
  const instants = [
    "2026-11-23",
    "2026-02-30T10:00:00Z",
    "2026-11-23T10:00:00",
    `2026-11-23T10:00:00.${"0".repeat(40)}Z`,
  ];
  const states = ["", "Bot", "bot,", "bot, human", "bot,nobody", "bot&state=human", "x".repeat(101)];

  it.each([
    ["/conversations", "limit", [...wholeNumbers, "201", "5&limit=6"]],
    ["/conversations", "state", states],
    ["/conversations", "cursor", ["x".repeat(4_097)]],
    [`${conversation}/messages`, "limit", ["0", "201"]],
    [`${conversation}/events`, "limit", ["0", "201"]],
    [`${conversation}/events`, "from", [...wholeNumbers, "10000000000"]],
    [`${conversation}/context`, "atLeast", [...wholeNumbers, "10000000000"]],
    [conversation, "at", [...wholeNumbers, ...instants, "10000000000"]],
  ])("%s refuses a wrong %s, by name", async (path, parameter, values) => {
    const hilo = queryHilo();
    for (const value of values) {
      const { status, problem, body } = await hilo.get(`${path}?${parameter}=${value}`);
      const named = Problem.parse(body).errors?.map((error) => error.parameter);
      expect([value, status, problem, new Set(named)]).toEqual([
        value,
        400,
        "invalid-request",
        new Set([parameter]),
      ]);
    }
  });

  it("that do not exist are refused: a slip would show everything", async () => {
    const { status, body } = await queryHilo().get("/conversations?sate=human");
    expect([status, Problem.parse(body).errors]).toEqual([
      400,
      [{ detail: "Unknown parameter: /openapi.json lists those there are." }],
    ]);
  });
});
