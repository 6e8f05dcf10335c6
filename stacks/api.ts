/** API Gateway: the webhook, which its handler checks, and the API behind an authorizer: a function that may only read, and one for commands. */
import { rateCardOf } from "./answers.ts";
import type { Data } from "./data.ts";
import type { Lambdas } from "./lambda.ts";
import { physicalName } from "./names.ts";
import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import type { StagePolicy } from "./stage.ts";
import { templatesOf } from "./templates.ts";

type Deps = { policy: StagePolicy; settings: Settings; secrets: Secrets; data: Data; lambda: Lambdas };

export type Api = ReturnType<typeof createApi>;

/** Longer, and API Gateway has hung up. */
const timeoutSec = 28;

export const createApi = ({ policy, settings, secrets, data, lambda }: Deps) => {
  const { access } = lambda;
  const templates = templatesOf(settings);
  const receiver = lambda.create("receive-webhook", {
    timeoutSec,
    memoryMb: 512,
    grants: [access.appendsEvents, access.resolvesIdentities, access.sealsData, access.setsLimits],
    secrets: [secrets.appSecret, secrets.verifyToken, secrets.pseudonymSecret],
    environment: {
      ...templates.environment,
      HILO_PHONE_NUMBER_IDS: settings.HILO_PHONE_NUMBER_IDS.join(","),
      HILO_HAND_BACK_MINUTES: String(settings.HILO_HAND_BACK_MINUTES),
    },
    files: templates.files,
  });
  const queries = lambda.create("queries", {
    timeoutSec,
    memoryMb: 512,
    grants: [access.readsEvents, access.readsViews, access.opensData, access.readsMedia],
    secrets: [secrets.apiKeys],
    ...rateCardOf(settings),
  });
  // Whoever a command is about has a key by then, so it makes none.
  const commands = lambda.create("commands", {
    timeoutSec,
    memoryMb: 512,
    grants: [access.appendsEvents, access.opensData],
    secrets: [secrets.apiKeys],
  });
  const authorizer = lambda.create("authorize", {
    timeoutSec: 5,
    memoryMb: 256,
    grants: [],
    secrets: [secrets.apiKeys],
  });
  const api = new sst.aws.ApiGatewayV1("Api", {
    endpoint: { type: "regional" },
    // Browsers have no business here.
    cors: false,
    transform: {
      // Lambda answers with files in base64: so that callers get bytes.
      api: (rest) => void (rest.binaryMediaTypes = ["*/*"]),
      accessLog: (log) => {
        log.retentionInDays = policy.logDays;
        log.kmsKeyId = data.atRest.arn;
      },
      stage: (stage) => {
        const destinationArn = $util
          .output(stage.accessLogSettings)
          .apply((log) => log?.destinationArn ?? "");
        stage.accessLogSettings = { destinationArn, format: accessLogFormat };
        stage.xrayTracingEnabled = settings.HILO_TRACING === "opentelemetry";
      },
    },
  });
  const checked = api.addAuthorizer({
    name: "keys",
    requestFunction: authorizer.fn.arn,
    identitySource: "method.request.header.Authorization",
    ttl: 300,
  });
  // CloudFront brings the key along, so nobody gets past it to this address.
  const fromEdge = { apiKey: true };
  api.route("GET /webhook", receiver.fn.arn, { name: "WebhookVerification", ...fromEdge });
  api.route("POST /webhook", receiver.fn.arn, { name: "Webhook", ...fromEdge });
  api.route("GET /health", queries.fn.arn, { name: "Health", ...fromEdge });
  api.route("GET /openapi.json", queries.fn.arn, { name: "OpenApi", ...fromEdge });
  api.route("ANY /{proxy+}", queries.fn.arn, { name: "Queries", auth: { custom: checked.id }, ...fromEdge });
  api.route("POST /{proxy+}", commands.fn.arn, {
    name: "Commands",
    auth: { custom: checked.id },
    ...fromEdge,
  });
  api.deploy();
  return { api, edgeKey: createUsagePlan(api, policy) };
};

const createUsagePlan = (api: sst.aws.ApiGatewayV1, policy: StagePolicy): aws.apigateway.ApiKey => {
  const limit = (path: string, rate: number) => ({ path, rateLimit: rate, burstLimit: rate * 2 });
  const plan = new aws.apigateway.UsagePlan("EdgeUsagePlan", {
    name: physicalName("edge"),
    apiStages: [
      {
        apiId: api.nodes.api.id,
        stage: stageName(api),
        throttles: [
          limit("/webhook/POST", policy.webhookRate),
          limit("/webhook/GET", 5),
          limit("/{proxy+}/ANY", policy.queryRate),
          limit("/{proxy+}/POST", policy.commandRate),
        ],
      },
    ],
    throttleSettings: {
      rateLimit: policy.webhookRate + policy.queryRate + policy.commandRate,
      burstLimit: 2 * (policy.webhookRate + policy.queryRate + policy.commandRate),
    },
  });
  const key = new aws.apigateway.ApiKey("EdgeKey", {
    name: physicalName("edge"),
    description: "CloudFront's",
  });
  new aws.apigateway.UsagePlanKey("EdgeUsagePlanKey", {
    keyId: key.id,
    keyType: "API_KEY",
    usagePlanId: plan.id,
  });
  return key;
};

export const stageName = (api: sst.aws.ApiGatewayV1): $util.Output<string> => {
  if (!api.nodes.stage) throw new Error("the API is not deployed yet");
  return api.nodes.stage.stageName;
};

/** Neither addresses nor agents nor the ids in paths: `resourcePath` is the route, as in `/{proxy+}`. */
const accessLogFormat = JSON.stringify({
  requestTime: "$context.requestTime",
  requestId: "$context.requestId",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integration.latency",
  integrationStatus: "$context.integration.status",
  errorType: "$context.error.responseType",
  authorizerStatus: "$context.authorizer.status",
  authorizerLatency: "$context.authorizer.latency",
});
