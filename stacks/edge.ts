/** CloudFront with a firewall, the only way in. What it can't tell from outside (the signature, the keys), the API does. */
import { stageName, type Api } from "./api.ts";
import { physicalName, regionName } from "./names.ts";
import type { Settings } from "./settings.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = { policy: StagePolicy; settings: Settings; api: Api };

/** Where CloudFront's certificates and firewalls must be. */
const region = "us-east-1";

export const createEdge = ({ policy, settings, api: { api, edgeKey } }: Deps) => {
  const firewall = createFirewall(policy);
  const domain = createDomain(settings);
  const distribution = new aws.cloudfront.Distribution(
    "Edge",
    {
      comment: physicalName("edge"),
      enabled: true,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: policy.kind === "production" ? "PriceClass_All" : "PriceClass_100",
      webAclId: firewall.arn,
      ...(domain && { aliases: [domain.name] }),
      viewerCertificate: domain
        ? {
            acmCertificateArn: domain.certificateArn,
            sslSupportMethod: "sni-only",
            // Meta's callers speak it, and so does every client of the last years.
            minimumProtocolVersion: "TLSv1.3_2025",
          }
        : { cloudfrontDefaultCertificate: true },
      origins: [
        {
          originId: "api",
          domainName: $interpolate`${api.nodes.api.id}.execute-api.${regionName()}.amazonaws.com`,
          originPath: $interpolate`/${stageName(api)}`,
          customHeaders: [{ name: "x-api-key", value: edgeKey.value }],
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
            originSslProtocols: ["TLSv1.2"],
            originReadTimeout: 30,
          },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "api",
        viewerProtocolPolicy: "https-only",
        allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: managed.cachingDisabled,
        originRequestPolicyId: managed.allViewerExceptHost,
        responseHeadersPolicyId: managed.securityHeaders,
        compress: false,
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
    },
    { protect: policy.protect },
  );
  if (domain)
    for (const type of ["A", "AAAA"] as const)
      new aws.route53.Record(`Edge${type}`, {
        zoneId: domain.zoneId,
        name: domain.name,
        type,
        aliases: [
          { name: distribution.domainName, zoneId: distribution.hostedZoneId, evaluateTargetHealth: false },
        ],
      });
  return { distribution, url: $interpolate`https://${domain?.name ?? distribution.domainName}` };
};

/** CloudFront's own policies, by their published ids. */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
  securityHeaders: "67f7725c-6f97-4210-82d7-5512b31e9d03",
};

const createDomain = ({ HILO_DOMAIN: name, HILO_DOMAIN_ZONE_ID: zoneId }: Settings) => {
  if (!name || !zoneId) return undefined;
  const certificate = new aws.acm.Certificate("EdgeCertificate", {
    region,
    domainName: name,
    validationMethod: "DNS",
  });
  const [proof] = [certificate.domainValidationOptions[0]];
  const record = new aws.route53.Record("EdgeCertificateProof", {
    zoneId,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType,
    records: [proof.resourceRecordValue],
    ttl: 60,
  });
  const { certificateArn } = new aws.acm.CertificateValidation("EdgeCertificateValidation", {
    region,
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  });
  return { name, zoneId, certificateArn };
};

/** Per address, in five minutes. Meta sends from few: five times what the webhook takes at most. */
const windowSec = 300;
const queriesPerWindow = 2_000;

const createFirewall = (policy: StagePolicy) =>
  new aws.wafv2.WebAcl("Firewall", {
    region,
    name: physicalName("firewall"),
    scope: "CLOUDFRONT",
    defaultAction: { allow: {} },
    visibilityConfig: visibility(policy, "firewall"),
    rules: [
      rateRule(policy, "webhook-rate", 0, policy.webhookRate * windowSec * 5, isWebhook),
      rateRule(policy, "query-rate", 1, queriesPerWindow, { notStatement: { statements: [isWebhook] } }),
      managedRules(policy, "AWSManagedRulesAmazonIpReputationList", 2, false),
      managedRules(policy, "AWSManagedRulesKnownBadInputsRuleSet", 3, true),
      managedRules(policy, "AWSManagedRulesCommonRuleSet", 4, true),
    ],
  });

const visibility = ({ kind }: StagePolicy, metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  // Samples hold addresses and headers.
  sampledRequestsEnabled: kind === "personal",
});

const isWebhook = {
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: "EXACTLY",
    searchString: "/webhook",
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
};

type Rule = aws.types.input.wafv2.WebAclRule;
type Scope = aws.types.input.wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatement;

const rateRule = (
  policy: StagePolicy,
  name: string,
  priority: number,
  limit: number,
  scopeDownStatement: Scope,
): Rule => ({
  name,
  priority,
  action: { block: { customResponse: { responseCode: 429 } } },
  visibilityConfig: visibility(policy, name),
  statement: {
    rateBasedStatement: { aggregateKeyType: "IP", evaluationWindowSec: windowSec, limit, scopeDownStatement },
  },
});

/** Customers write whatever they like, also what looks like an attack: rules that read bodies only count on the webhook. */
const managedRules = (policy: StagePolicy, name: string, priority: number, readsBodies: boolean): Rule => ({
  name,
  priority,
  overrideAction: readsBodies ? { count: {} } : { none: {} },
  visibilityConfig: visibility(policy, name),
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
});
