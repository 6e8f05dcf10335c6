/** OpenTelemetry or Datadog, by setting: both come as layers that wrap the handler, so no code knows of them. */
import type { Grant } from "./access.ts";
import { physicalName } from "./names.ts";
import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = { policy: StagePolicy; settings: Settings; secrets: Secrets };

export type Tracing = {
  environment(handler: string): Record<string, $util.Input<string>>;
  permissions: Grant["permissions"];
  transform(lambda: aws.lambda.FunctionArgs): void;
};

export const tracing = ({ policy, settings, secrets }: Deps): Tracing => {
  switch (settings.HILO_TRACING) {
    case "off":
      return { environment: () => ({}), permissions: [], transform: () => {} };
    case "opentelemetry":
      return {
        environment: () => ({
          AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-instrument",
          OTEL_SERVICE_NAME: $app.name,
          OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
          OTEL_TRACES_SAMPLER_ARG: String(policy.traceSampling),
        }),
        // X-Ray knows no resources to narrow this to.
        permissions: [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }],
        transform: (lambda) => void (lambda.tracingConfig = { mode: "Active" }),
      };
    case "datadog": {
      const key = new aws.secretsmanager.Secret("DatadogKey", { name: physicalName("datadog") });
      new aws.secretsmanager.SecretVersion("DatadogKeyVersion", {
        secretId: key.id,
        secretString: secrets.datadogApiKey?.value,
      });
      return {
        environment: (handler) => ({
          DD_SITE: settings.HILO_DATADOG_SITE,
          DD_API_KEY_SECRET_ARN: key.arn,
          DD_LAMBDA_HANDLER: handler,
          DD_SERVICE: $app.name,
          DD_ENV: $app.stage,
          DD_TRACE_SAMPLE_RATE: String(policy.traceSampling),
          // Bodies hold what customers wrote.
          DD_CAPTURE_LAMBDA_PAYLOAD: "false",
        }),
        permissions: [{ actions: ["secretsmanager:GetSecretValue"], resources: [key.arn] }],
        transform: (lambda) =>
          void (lambda.handler = "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler"),
      };
    }
  }
};
