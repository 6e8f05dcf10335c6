/** That there is one way in, guarded, and that nothing personal is written down on it. */
import * as z from "zod";
import { all, change, faults, json, remove, replace, resources, type Graph, type Rule } from "./graph.ts";

const Method = z.object({
  httpMethod: z.string(),
  resourceId: z.string(),
  authorization: z.string(),
  authorizerId: z.string().optional(),
  apiKeyRequired: z.boolean().default(false),
});
const Firewall = z.object({
  scope: z.string(),
  rules: z.array(
    z.object({
      name: z.string(),
      overrideAction: z.record(z.string(), z.unknown()).optional(),
      action: z.record(z.string(), z.unknown()).optional(),
      visibilityConfig: z.object({ sampledRequestsEnabled: z.boolean() }),
      statement: z.object({
        rateBasedStatement: z.object({ aggregateKeyType: z.string(), limit: z.number() }).optional(),
        managedRuleGroupStatement: z.object({ name: z.string() }).optional(),
      }),
    }),
  ),
});
const Distribution = z.object({
  webAclId: z.string().optional(),
  defaultCacheBehavior: z.object({ viewerProtocolPolicy: z.string(), cachePolicyId: z.string() }),
  orderedCacheBehaviors: z.array(z.unknown()).default([]),
  viewerCertificate: z.object({
    minimumProtocolVersion: z.string().optional(),
    acmCertificateArn: z.string().optional(),
  }),
  origins: z.array(
    z.object({
      customHeaders: z.array(z.object({ name: z.string() })).default([]),
      customOriginConfig: z.object({
        originProtocolPolicy: z.string(),
        originSslProtocols: z.array(z.string()),
      }),
    }),
  ),
});

const pathOf = (graph: Graph, resourceId: string): string =>
  String(resources(graph, "apiResource").find(({ id }) => id === resourceId)?.inputs["pathPart"]);

const methods = (graph: Graph) =>
  all(graph, "method", Method).map((method) => ({
    ...method,
    route: `${method.httpMethod} ${pathOf(graph, method.resourceId)}`,
  }));

/** Open to anyone: the webhook checks a signature that no authorizer sees, the others say nothing about anybody. */
const withoutAuthorizer = ["GET webhook", "POST webhook", "GET health", "GET openapi.json"];

export const edgeRules: Record<string, Rule> = {
  "files pass the API as bytes, not as base64": {
    check: (graph) =>
      faults(
        all(graph, "restApi", z.object({ binaryMediaTypes: z.array(z.string()).default([]) })),
        ({ binaryMediaTypes }) => binaryMediaTypes.join() !== "*/*" && "are sent as text",
      ),
    breaks: { "API Gateway's default": change("restApi", "ApiApi", "binaryMediaTypes", undefined) },
  },

  "whatever is not open on purpose asks the authorizer": {
    check: (graph) => {
      const all = methods(graph);
      return [
        ...faults(all, ({ route, authorization, authorizerId }) => {
          if (withoutAuthorizer.includes(route)) return undefined;
          return (authorization !== "CUSTOM" || !authorizerId) && `${route} is open`;
        }),
        ...["ANY {proxy+}", "POST {proxy+}", ...withoutAuthorizer]
          .filter((route) => !all.some((each) => each.route === route))
          .map((route) => `no ${route}`),
      ];
    },
    breaks: {
      open: change("method", "ApiRouteQueriesMethod", "authorization", "NONE"),
      "no authorizer": change("method", "ApiRouteQueriesMethod", "authorizerId", undefined),
      "open commands": change("method", "ApiRouteCommandsMethod", "authorization", "NONE"),
      "one route less": remove("method", "ApiRouteWebhookMethod"),
      "commands go where queries do": remove("method", "ApiRouteCommandsMethod"),
    },
  },

  "only CloudFront gets to the API, and gets there within limits": {
    check: (graph) => {
      const [plan] = all(graph, "usagePlan", UsagePlan);
      return [
        ...faults(methods(graph), ({ apiKeyRequired }) => !apiKeyRequired && "needs no key of the edge"),
        ...faults(all(graph, "distribution", Distribution), ({ origins }) =>
          origins.some(({ customHeaders }) => !customHeaders.some(({ name }) => name === "x-api-key"))
            ? "has no key"
            : undefined,
        ),
        ...["/webhook/POST", "/{proxy+}/ANY", "/{proxy+}/POST"]
          .filter((route) => !plan?.apiStages[0]?.throttles.some(({ path }) => path === route))
          .map((route) => `no limits for ${route}`),
        ...(plan?.throttleSettings ? [] : ["no limits for all together"]),
      ];
    },
    breaks: {
      "a method": change("method", "ApiRouteWebhookMethod", "apiKeyRequired", false),
      "no key": replace("distribution", "Edge", "x-api-key", "x-key"),
      "no limits": remove("usagePlan", "EdgeUsagePlan"),
      "none for the webhook": replace("usagePlan", "EdgeUsagePlan", "/webhook/POST", "/x/POST"),
      "none for commands": replace("usagePlan", "EdgeUsagePlan", "/{proxy+}/POST", "/x/POST"),
      "none for all together": change("usagePlan", "EdgeUsagePlan", "throttleSettings", undefined),
    },
  },

  "the authorizer sees the key, and asks again within five minutes": {
    check: (graph) =>
      faults(
        all(
          graph,
          "authorizer",
          z.object({
            type: z.string(),
            identitySource: z.string(),
            authorizerResultTtlInSeconds: z.number(),
          }),
        ),
        ({ type, identitySource, authorizerResultTtlInSeconds: ttl }) => {
          if (type !== "REQUEST" || identitySource !== "method.request.header.Authorization")
            return "does not see it";
          return ttl > 300 && "remembers too long";
        },
      ),
    breaks: {
      "another header": change(
        "authorizer",
        "ApiAuthorizerKeysAuthorizer",
        "identitySource",
        "method.request.header.X",
      ),
      "an hour": change("authorizer", "ApiAuthorizerKeysAuthorizer", "authorizerResultTtlInSeconds", 3600),
    },
  },

  "CloudFront speaks TLS only, keeps nothing and is behind the firewall": {
    check: (graph) => {
      const [firewall] = resources(graph, "firewall");
      return faults(all(graph, "distribution", Distribution), (distribution) => {
        const { webAclId, viewerCertificate, origins } = distribution;
        const behaviour = distribution.defaultCacheBehavior;
        if (webAclId === undefined || webAclId !== firewall?.outputs["arn"]) return "no firewall";
        if (behaviour.viewerProtocolPolicy !== "https-only") return "plain HTTP";
        if (behaviour.cachePolicyId !== cachingDisabled || distribution.orderedCacheBehaviors.length > 0)
          return "keeps answers";
        if (
          viewerCertificate.acmCertificateArn &&
          viewerCertificate.minimumProtocolVersion !== "TLSv1.3_2025"
        )
          return "old TLS";
        const origin = origins[0]?.customOriginConfig;
        return (
          (origin?.originProtocolPolicy !== "https-only" || origin.originSslProtocols.join() !== "TLSv1.2") &&
          "old TLS inside"
        );
      });
    },
    breaks: {
      "no firewall": change("distribution", "Edge", "webAclId", undefined),
      "plain HTTP": change("distribution", "Edge", "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"),
      "keeps answers": change(
        "distribution",
        "Edge",
        "defaultCacheBehavior.cachePolicyId",
        "658327ea-f89d-4fab-a63d-7e88639e58f6",
      ),
      "old TLS": change("distribution", "Edge", "viewerCertificate", {
        acmCertificateArn: "arn",
        minimumProtocolVersion: "TLSv1.2_2021",
      }),
      "old TLS inside": replace("distribution", "Edge", '"TLSv1.2"', '"TLSv1"'),
    },
  },

  "the firewall limits each address, and what reads bodies only counts": {
    check: (graph) => {
      const [firewall] = all(graph, "firewall", Firewall);
      if (!firewall) return ["no firewall"];
      const rates = firewall.rules.filter(({ statement }) => statement.rateBasedStatement);
      const managed = firewall.rules.filter(({ statement }) => statement.managedRuleGroupStatement);
      return [
        ...(rates.length >= 2 && rates.every(({ action }) => action && "block" in action)
          ? []
          : ["no limits"]),
        ...faults(
          rates,
          ({ statement }) => statement.rateBasedStatement?.aggregateKeyType !== "IP" && "not by address",
        ),
        ...(managed.length >= 3 ? [] : ["no managed rules"]),
        ...faults(managed, ({ statement, overrideAction }) =>
          statement.managedRuleGroupStatement?.name !== "AWSManagedRulesAmazonIpReputationList" &&
          !(overrideAction && "count" in overrideAction)
            ? "may refuse what a customer writes"
            : undefined,
        ),
        ...(graph.app.stage === "production"
          ? faults(
              firewall.rules,
              ({ visibilityConfig }) => visibilityConfig.sampledRequestsEnabled && "keeps samples",
            )
          : []),
      ];
    },
    breaks: {
      "no firewall": remove("firewall", "Firewall"),
      "rates only count": replace("firewall", "Firewall", '"block"', '"count"'),
      "not by address": replace("firewall", "Firewall", '"IP"', '"CONSTANT"'),
      "bodies are refused": replace("firewall", "Firewall", '{"count":{}}', '{"none":{}}'),
      "no managed rules": replace("firewall", "Firewall", "managedRuleGroupStatement", "x"),
    },
  },

  "access logs hold nothing personal": {
    check: (graph) =>
      faults(all(graph, "apiStage", Stage), ({ accessLogSettings }) => {
        if (!accessLogSettings) return "no access log";
        const written = Object.values(accessLogSettings.format);
        const personal = written.filter((value) => !harmless.includes(value));
        return personal.length > 0 && `writes ${personal.join(", ")}`;
      }),
    breaks: {
      addresses: replace("apiStage", "ApiStage", "$context.requestTime", "$context.identity.sourceIp"),
      paths: replace("apiStage", "ApiStage", "$context.resourcePath", "$context.path"),
      "no log": change("apiStage", "ApiStage", "accessLogSettings", undefined),
    },
  },
};

const UsagePlan = z.object({
  apiStages: z.array(z.object({ throttles: z.array(z.object({ path: z.string(), rateLimit: z.number() })) })),
  throttleSettings: z.object({ rateLimit: z.number(), burstLimit: z.number() }).optional(),
});
const Stage = z.object({
  accessLogSettings: z.object({ format: json(z.record(z.string(), z.string())) }).optional(),
});
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/** Times, ids of requests, routes and outcomes. */
const harmless = [
  "requestTime",
  "requestId",
  "httpMethod",
  "resourcePath",
  "status",
  "responseLatency",
  "integration.latency",
  "integration.status",
  "error.responseType",
  "authorizer.status",
  "authorizer.latency",
].map((name) => `$context.${name}`);
