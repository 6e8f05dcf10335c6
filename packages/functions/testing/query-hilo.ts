import { memoryHilo, type MemoryHilo } from "#core/testing/memory-hilo.ts";
import { queryApp } from "../queries/app.ts";
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
  app: ReturnType<typeof queryApp>;
  logged: LogFields[];
  /** Asks with a valid key, unless `headers` says otherwise. */
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  /** Every page there is, by following `next`; `between` comes after each page. */
  pages: (path: string, between?: () => Promise<unknown>) => Promise<Body["items"][]>;
};

/** The query API over stores in memory. */
export const queryHilo = (): QueryHilo => {
  const hilo = memoryHilo();
  const logged: LogFields[] = [];
  const app = queryApp({
    ...hilo,
    apiKeys: [apiKey, "the-next-key"],
    cursorSecret: Buffer.from("a secret for tests"),
    log: (_level, _message, fields = {}) => logged.push(fields),
  });

  const get: QueryHilo["get"] = async (path, headers = { authorization: `Bearer ${apiKey}` }) => {
    const response = await app.request(path, { headers });
    const body = (await response.json()) as Body;
    const problem = response.ok ? undefined : String(body["type"]).replace("/problems/", "");
    return { status: response.status, headers: response.headers, body, problem };
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

  return { ...hilo, app, logged, get, pages };
};
