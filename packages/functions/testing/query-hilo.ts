import { memoryHilo, type MemoryHilo } from "#core/testing/memory-hilo.ts";
import { builtInRateCards } from "#core/clients/whatsapp/rate-card.ts";
import { ulids } from "#core/clients/ids.ts";
import { after } from "#core/testing/given.ts";
import { api } from "../api.ts";
import type { LogFields } from "../shared/log.ts";

export const apiKey = "a-key-for-tests";

export type Answer = {
  status: number;
  headers: Headers;
  body: Body;
  /** The name of the problem that the body is, if it is one. */
  problem: string | undefined;
};

/** As loose as JSON is: a test says what it expects of it. */
type Body = Record<string, unknown> & { items: Record<string, unknown>[]; next?: string };

export type QueryHilo = MemoryHilo & {
  app: ReturnType<typeof api>;
  logged: LogFields[];
  /** Asks with a valid key, unless `headers` says otherwise. */
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  /** Posts JSON with a valid key, or text as it is. */
  post: (path: string, body: unknown) => Promise<Answer>;
  /** Every page there is, by following `next`; `between` comes after each page. */
  pages: (path: string, between?: () => Promise<unknown>) => Promise<Body["items"][]>;
};

/** The API over stores in memory; commands are recorded at one o'clock. */
export const queryHilo = (): QueryHilo => {
  const hilo = memoryHilo();
  const logged: LogFields[] = [];
  const clock = () => new Date(after(3_600_000));
  const app = api({
    ...hilo,
    rateCards: builtInRateCards,
    clock,
    newId: ulids(clock),
    random: () => 0.5,
    sleep: async () => {},
    apiKeys: [apiKey, "the-next-key"],
    cursorSecret: Buffer.from("a secret for tests"),
    log: (_level, _message, fields = {}) => logged.push(fields),
  });

  const get: QueryHilo["get"] = async (path, headers = { authorization: `Bearer ${apiKey}` }) =>
    answerOf(await app.request(path, { headers }));

  const post: QueryHilo["post"] = async (path, body) => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return answerOf(await app.request(path, { method: "POST", headers, body: text }));
  };

  const pages: QueryHilo["pages"] = async (path, between = async () => {}) => {
    const all: Body["items"][] = [];
    for (let cursor = ""; ;) {
      const { body } = await get(`${path}${cursor}`);
      all.push(body.items);
      if (all.length > 1_000) throw new Error("the pages do not end");
      if (!body.next) return all;
      await between();
      cursor = `${path.includes("?") ? "&" : "?"}cursor=${body.next}`;
    }
  };

  return { ...hilo, app, logged, get, post, pages };
};

const answerOf = async (response: Response): Promise<Answer> => {
  const body = (await response.json()) as Body;
  const problem = response.ok ? undefined : String(body["type"]).replace("/problems/", "");
  return { status: response.status, headers: response.headers, body, problem };
};
