/** The one way to make a Lambda: its role has what its grants say, and its own log. */
import { accessTo, joinsNetwork, type Grant } from "./access.ts";
import type { Cache } from "./cache.ts";
import type { Data } from "./data.ts";
import { logicalName, physicalName } from "./names.ts";
import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import type { StagePolicy } from "./stage.ts";
import { tracing } from "./tracing.ts";

export type Lambda = {
  name: string;
  timeoutSec: number;
  fn: sst.aws.Function;
  log: aws.cloudwatch.LogGroup;
};

export type LambdaArgs = {
  timeoutSec: number;
  memoryMb: number;
  grants: Grant[][];
  secrets?: sst.Secret[];
  environment?: Record<string, $util.Input<string>>;
  /** Files that come along beside the code. */
  files?: { from: string; to?: string }[];
  /** Where there is something that only a network of ours reaches. */
  network?: Cache["network"];
};

type Deps = { policy: StagePolicy; settings: Settings; secrets: Secrets; data: Data };

export type Lambdas = ReturnType<typeof lambdas>;

export const lambdas = ({ policy, settings, secrets, data }: Deps) => {
  const all: Lambda[] = [];
  const traces = tracing({ policy, settings, secrets });
  return {
    access: accessTo(data),
    /** Every one made so far. */
    all,
    create(name: string, args: LambdaArgs): Lambda {
      const logical = logicalName(name);
      const log = new aws.cloudwatch.LogGroup(`${logical}Log`, {
        name: `/aws/lambda/${physicalName(name)}`,
        retentionInDays: policy.logDays,
        kmsKeyId: data.atRest.arn,
      });
      const grants = args.grants.flat();
      const fn = new sst.aws.Function(logical, {
        name: physicalName(name),
        description: `Hilo: ${name}`,
        handler: `packages/functions/lambda/${name}.handler`,
        runtime: "nodejs24.x",
        architecture: "arm64",
        // What is imported when it is needed is a file of its own, and is not even read before. SST minifies only what
        // is said to be, whatever its documentation says of a default.
        nodejs: { minify: true, splitting: true },
        timeout: `${args.timeoutSec} seconds`,
        memory: `${args.memoryMb} MB`,
        link: args.secrets ?? [],
        copyFiles: args.files ?? [],
        ...(args.network && { vpc: args.network }),
        environment: {
          ...environmentOf(grants),
          ...args.environment,
          ...traces.environment(built),
        },
        permissions: [
          // Each once: several grants say the same of the key that encrypts the tables.
          ...new Set(grants.flatMap(({ permissions }) => permissions)),
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [$interpolate`${log.arn}:*`],
          },
          ...(args.network ? [joinsNetwork] : []),
          ...traces.permissions,
        ],
        layers: settings.HILO_TRACING_LAYERS,
        logging: { logGroup: log.name, format: "json" },
        transform: {
          // SST adds a policy that lets it write to every log of the account; the permission above suffices.
          role: (role) => void (role.managedPolicyArns = []),
          function: (lambda) => {
            lambda.loggingConfig = {
              logFormat: "JSON",
              logGroup: log.name,
              applicationLogLevel: "INFO",
              systemLogLevel: policy.systemLogLevel,
            };
            lambda.kmsKeyArn = data.atRest.arn;
            traces.transform(lambda);
          },
        },
      });
      const lambda = { name, timeoutSec: args.timeoutSec, fn, log };
      all.push(lambda);
      return lambda;
    },
  };
};

/** As SST names what it builds, of every handler. */
const built = "bundle.handler";

const environmentOf = (grants: Grant[]): Grant["environment"] =>
  Object.fromEntries(grants.flatMap(({ environment }) => Object.entries(environment)));
