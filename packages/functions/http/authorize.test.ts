import { describe, expect, it } from "vitest";
import { keysFor, parseApiKeys } from "./api-keys.ts";
import { authorize, Unauthorized } from "./authorize.ts";

const reader = "a-key-that-reads";
const writer = "a-key-that-writes";
const handler = authorize({ apiKeys: parseApiKeys(`${reader}, ${writer}:read+write`) });
const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/conversations/conversation-1";
const ask = (headers: Record<string, string>) => handler({ headers, methodArn });

describe("the authorizer", () => {
  it("lets a key read the whole API, so that its answer may be kept for every path", async () => {
    const { policyDocument, principalId, context } = await ask({ authorization: `Bearer ${reader}` });
    const api = "arn:aws:execute-api:eu-west-1:123456789012:abc/live";
    expect(policyDocument.Statement).toEqual([
      {
        Action: "execute-api:Invoke",
        Effect: "Allow",
        Resource: ["GET", "HEAD", "OPTIONS"].map((method) => `${api}/${method}/*`),
      },
    ]);
    expect(context).toEqual({ scopes: "read" });
    expect(principalId).toMatch(/^key-[0-9a-f]{12}$/);
  });

  it("lets a key change things only when it says so", async () => {
    const { policyDocument } = await ask({ Authorization: `bearer ${writer}` });
    expect(JSON.stringify(policyDocument)).toContain("/live/POST/*");
    const { policyDocument: other } = await ask({ authorization: `Bearer ${reader}` });
    expect(JSON.stringify(other)).not.toContain("/live/POST/*");
  });

  it.each([
    {},
    { authorization: "" },
    { authorization: reader },
    { authorization: "Bearer " },
    { authorization: `Bearer ${reader}x` },
    { authorization: `Bearer ${writer}:read+write` },
    { authorization: `Basic ${reader}` },
    { authorization: `Bearer ${reader} ${reader}` },
  ])("answers 401 to %j", async (headers) => {
    await expect(ask(headers as Record<string, string>)).rejects.toThrow(new Unauthorized());
  });
});

describe("the keys of the API", () => {
  it("may be several, each with its scopes", () => {
    expect(parseApiKeys("one, two:read+write,three:write,")).toEqual([
      { token: "one", scopes: ["read"] },
      { token: "two", scopes: ["read", "write"] },
      { token: "three", scopes: ["write"] },
    ]);
  });

  it("are told apart by scope", () => {
    expect(keysFor(parseApiKeys("one,two:read+write,three:write"), "read")).toEqual(["one", "two"]);
  });

  it.each(["one:admin", "one:", "one:read+", "one:Read"])("are refused with an unknown scope: %s", (text) => {
    expect(() => parseApiKeys(text)).toThrow("token:scope");
  });
});
