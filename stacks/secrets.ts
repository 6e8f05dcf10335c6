import type { Settings } from "./settings.ts";

/** Set by `sst secret set NAME VALUE --stage STAGE`; a deployment without them says which one is missing. */
export const createSecrets = ({ HILO_TRACING }: Settings) => ({
  /** Signs the webhooks; two, separated by a comma, while one replaces the other. */
  appSecret: new sst.Secret("AppSecret"),
  /** What Meta must send when it verifies the webhook. */
  verifyToken: new sst.Secret("VerifyToken"),
  /** The token that the Graph API wants. */
  graphToken: new sst.Secret("GraphToken"),
  /** Keys the hashes that stand for personal ids. It may never change: all that is stored would be lost from sight. */
  pseudonymSecret: new sst.Secret("PseudonymSecret"),
  /** The keys of the query API, with their scopes: `token,other-token:read+write`. */
  apiKeys: new sst.Secret("ApiKeys"),
  datadogApiKey: HILO_TRACING === "datadog" ? new sst.Secret("DatadogApiKey") : undefined,
});
export type Secrets = ReturnType<typeof createSecrets>;
