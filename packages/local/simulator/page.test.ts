import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { ConversationEvent } from "#core/events/conversation.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { simulated, type Simulated, watching } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const recorded = (version: number, event: ConversationEvent): RecordedEvent => ({
  ...event,
  stream: "the-stream",
  version,
  at: "2026-11-02T10:00:00.000Z",
  commitId: "c",
});
const history = (count: number): RecordedEvent[] => [
  recorded(1, {
    type: "ConversationStarted",
    data: { contactId: "c", phoneNumberId: "1", businessAccountId: "2" },
  }),
  ...Array.from({ length: count - 1 }, (_, index) =>
    recorded(index + 2, { type: "SendStarted", data: { sendId: "s", attempt: index + 1 } }),
  ),
];

test.each([
  ["/", "text/html; charset=utf-8"],
  ["/simulator/page/main.js", "text/javascript; charset=utf-8"],
  ["/simulator/page/style.css", "text/css; charset=utf-8"],
  ["/simulator/page/sample-voice-note.ogg", "audio/ogg"],
])("%s is served with a strict policy", async (path, type) => {
  sim = simulated();
  const { status, headers } = await sim.call(path);
  expect([status, headers.get("content-type"), headers.get("x-content-type-options")]).toEqual([
    200,
    type,
    "nosniff",
  ]);
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'self'; /);
  expect(headers.get("content-security-policy")).not.toContain("unsafe");
});

test("the page says what it is, and needs nothing from elsewhere", async () => {
  sim = simulated();
  const html = await (await sim.call("/")).text();
  expect(html).toContain("<title>Hilo · local simulator</title>");
  expect(html).toContain("Nothing here is sent to WhatsApp.");
  expect(html).not.toMatch(/https?:|<style|style="|<script>|\son\w+="/);
});

test("where answers go to another Graph API, it does not say that nothing is sent", async () => {
  sim = simulated({ sendsElsewhere: true });
  const html = await (await sim.call("/")).text();
  expect(html).not.toContain("Nothing here is sent");
  expect(html).toContain("Answers are sent to HILO_GRAPH_URL, not to this page.");
});

test("only the page's own files are served", async () => {
  sim = simulated();
  for (const name of ["page.ts", "..%2Fsimulator.ts", "%2e%2e%2fsimulator.ts", "nothing.js"])
    expect((await sim.call(`/simulator/page/${name}`)).status).toBe(404);
});

test.each([
  ["localhost:3000", undefined, 200],
  ["127.0.0.1:3000", "http://127.0.0.1:3000", 200],
  ["[::1]:3000", "http://[::1]:3000", 200],
  ["hilo.example.com", undefined, 403],
  ["localhost.example.com", undefined, 403],
  ["127.0.0.1.example.com:3000", undefined, 403],
  ["localhost:3000", "https://example.com", 403],
  ["localhost:3000", "http://localhost:4000", 403],
  ["localhost:3000", "null", 403],
])("a request for host %s from %s: %i", async (host, origin, status) => {
  sim = simulated();
  const headers = { host, ...(origin && { origin }) };
  for (const path of ["/", "/simulator/state", "/simulator/page/main.js"])
    expect((await sim.call(path, { headers })).status).toBe(status);
  const graph = await sim.call("/graph/v26.0/1", { headers });
  expect(graph.status).toBe(status === 200 ? 401 : 403);
});

test.each([
  ["cross-site", "no-cors", "/simulator/state", 403],
  ["same-site", "cors", "/simulator/state", 403],
  ["same-origin", "cors", "/simulator/state", 200],
  ["cross-site", "navigate", "/", 200],
])("a %s request in mode %s for %s: %i", async (site, mode, path, status) => {
  sim = simulated();
  const headers = { host: "localhost:3000", "sec-fetch-site": site, "sec-fetch-mode": mode };
  expect((await sim.call(path, { headers })).status).toBe(status);
});

test("a form of another site can do nothing", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  const headers = { host: "localhost:3000", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  const action = JSON.stringify({ type: "text", text: "forged" });
  const response = await sim.call(`/simulator/customers/${lucia.id}/actions`, {
    method: "POST",
    headers,
    body: action,
  });
  expect(response.status).toBe(403);
  expect((await sim.chat(lucia.id)).messages).toEqual([]);
});

test.each([
  ["malformed JSON", "{", 400],
  ["an action that there isn't", JSON.stringify({ type: "dance" }), 400],
  ["a text of 4,097 characters", JSON.stringify({ type: "text", text: "x".repeat(4_097) }), 400],
  ["an empty text", JSON.stringify({ type: "text", text: "  " }), 400],
  ["more than 64 KB", JSON.stringify({ type: "text", text: "x".repeat(70_000) }), 413],
])("refuses %s", async (_, body, status) => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  const response = await sim.call(`/simulator/customers/${lucia.id}/actions`, { method: "POST", body });
  expect(response.status).toBe(status);
});

test("an unknown customer, file or page is not found", async () => {
  sim = simulated();
  const tab = crypto.randomUUID();
  for (const path of ["customers/nobody/chat", "customers/nobody/events", "media/1"])
    expect((await sim.call(`/simulator/${path}`)).status).toBe(404);
  expect((await sim.call(`/simulator/tabs/${tab}`, { method: "PUT", body: "{}" })).status).toBe(409);
});

test("a page is told of what changes, and an unseen message is read when its chat is opened", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  const page = await watching(sim, lucia.id);
  expect(page.first).toContain("event: ready");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  expect(await page.next()).toContain(JSON.stringify({ type: "chat", customer: lucia.id }));
  let told = "";
  sim.append("some-stream", ...history(1));
  while (!told.includes("some-stream")) told = await page.next();
  expect(told).toContain(JSON.stringify({ type: "events", stream: "some-stream" }));
  await page.close();
});

test("a file that isn't shown is saved, and can do nothing as a page", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  const script = new TextEncoder().encode("<script>alert(1)</script>");
  await sim.upload(lucia.id, { kind: "document", filename: "página'.html" }, script);
  const [message] = (await sim.chat(lucia.id)).messages;
  const { id } = z.object({ id: z.string() }).parse(message?.content["document"]);
  const { headers } = await sim.call(`/simulator/media/${id}`);
  expect(headers.get("content-type")).toBe("application/octet-stream");
  expect(headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''p%C3%A1gina%27.html");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
});

test("what Hilo recorded: the most recent at first, then only the news, or everything on demand", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  const recording = async (query = "") =>
    (await (await sim.call(`/simulator/customers/${lucia.id}/events${query}`)).json()) as {
      events: RecordedEvent[];
      earlier: boolean;
      state?: string;
    };
  expect(await recording()).toEqual({ events: [], earlier: false });
  sim.append(lucia.userId, ...history(301));
  const first = await recording();
  expect([first.events.length, first.events[0]?.version, first.earlier, first.state]).toEqual([
    300,
    2,
    true,
    "bot",
  ]);
  expect((await recording("?from=1")).events).toHaveLength(301);
  sim.append(lucia.userId, recorded(302, { type: "HumanRequested", data: { replyId: "r" } }));
  const news = await recording("?from=302");
  expect([news.events.map(({ version }) => version), news.state]).toEqual([[302], "needs-human"]);
});

test("every event that can be recorded has a colour of its kind and, but for a few, a line that says what it is", async () => {
  sim = simulated();
  const { kindOf } = (await import(new URL("page/summaries.js", import.meta.url).href)) as {
    kindOf: (type: string) => string;
  };
  const types = ConversationEvent.options.map(({ shape }) => shape.type.value);
  expect(types.filter((type) => kindOf(type) === "other")).toEqual([]);
  expect(kindOf("Unheard")).toBe("other");
});

type Summaries = {
  summaryOf: (event: object) => string;
  marksOf: (event: object) => { kind: string; text: string }[];
  isBad: (event: object) => boolean;
};

test.each([
  ["SendUncertain", { reason: "timeout" }, "sent or not, nobody knows · timeout", [], false],
  ["SendParked", {}, "a person decides whether to send it again", [], false],
  ["SendResolved", { by: "ana", resentAs: "s2" }, "to be sent again · by ana", [], false],
  ["SendResolved", { by: "ana" }, "dropped · by ana", [], false],
  ["ContactMarked", { as: "opted-out" }, "wants no messages", [], false],
  [
    "SendFailed",
    { reason: "rate-limited", retry: "later", code: 130429, remedy: "slow-number" },
    "rate-limited · 130429 · tried again later",
    ["slows the number down"],
    false,
  ],
  [
    "DeliveryStatusReceived",
    { status: "failed", errors: [{ code: 131026, title: "Message undeliverable" }], remedy: "mark-contact" },
    "failed · Message undeliverable · 131026",
    ["marks the customer"],
    true,
  ],
  [
    "DeliveryStatusReceived",
    { status: "delivered", contradicts: true },
    "delivered",
    ["contradiction"],
    true,
  ],
  ["DeliveryStatusReceived", { status: "read" }, "read", [], false],
  ["DialogEntered", { flow: "reservation", source: "offline" }, "reservation · led by offline", [], false],
  ["DialogAdvanced", { phase: "eliciting", slot: "time" }, "eliciting · time", [], false],
  ["DialogAdvanced", { phase: "confirming" }, "confirming", [], false],
  ["DialogPaused", {}, "the customer speaks of something else", [], false],
  ["DialogResumed", {}, "they are back", [], false],
  ["DialogLeft", { because: "fulfilled" }, "fulfilled", [], false],
  ["ReplyDelayed", { sendId: "s1" }, "the customer is asked for patience", [], false],
  ["ToolUsed", { tool: "refund", outcome: "needs-person" }, "refund · needs-person", [], false],
  ["ContextSummarised", { upTo: 24, summary: "Ana asks." }, "all up to 24 · “Ana asks.”", [], false],
  [
    "SendRequested",
    { content: { type: "buttons", text: "¿Cuál?", buttons: [{ title: "Uno" }, { title: "Dos" }] } },
    "buttons · “¿Cuál?” · Uno / Dos",
    [],
    false,
  ],
])("in a line, %s with %j: %s", async (type, data, summary, marks, bad) => {
  sim = simulated();
  const page = (await import(new URL("page/summaries.js", import.meta.url).href)) as Summaries;
  const event = { type, data };
  expect(page.summaryOf(event)).toBe(summary);
  expect(page.marksOf(event).map(({ text }) => text)).toEqual(marks);
  expect(page.isBad(event)).toBe(bad);
});

type Piece = { kind: string; text?: string; children?: Piece[] };
const html = (pieces: Piece[]): string =>
  pieces
    .map(({ kind, text = "", children }) =>
      kind === "text" ? text : `<${kind}>${text}${html(children ?? [])}</>`,
    )
    .join("");

test.each([
  ["plain", "plain"],
  ["*bold* and _italic_ and ~gone~", "<strong>bold</> and <em>italic</> and <del>gone</>"],
  ["*bold _and_ italic*", "<strong>bold <em>and</> italic</>"],
  ["2 * 3 * 4", "2 * 3 * 4"],
  ["snake_case_name", "snake_case_name"],
  ["* not bold *", "<bullet>not bold *</>"],
  ["*open", "*open"],
  ["`*code*`", "<code>*code*</>"],
  ["```\na *b*\n```", "<pre>a *b*</>"],
  ["```open", "```open"],
  ["> quoted\nnot", "<blockquote>quoted</>\nnot"],
  ["- one\n- two", "<bullet>one</>\n<bullet>two</>"],
  ["see https://example.com/a_b_c.", "see <link>https://example.com/a_b_c</>."],
  ["javascript:alert(1)", "javascript:alert(1)"],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
])("WhatsApp's formatting: %s", async (text, expected) => {
  sim = simulated();
  const { parse } = (await import(new URL("page/format.js", import.meta.url).href)) as {
    parse: (text: string) => Piece[];
  };
  expect(html(parse(text))).toBe(expected);
});
