/** Every resource that the stacks declare for a stage, as `synth/` records them. */
import { readFileSync } from "node:fs";
import * as z from "zod";

const Resource = z.object({
  type: z.string(),
  name: z.string(),
  id: z.string().optional(),
  /** Whether it is something in AWS; otherwise it only groups others. */
  custom: z.boolean().default(true),
  retainOnDelete: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof Resource>;

const Graph = z.object({
  app: z.object({ stage: z.string(), removal: z.string(), protect: z.boolean() }),
  resources: z.array(Resource),
  /** The built Lambdas, by their logical names. */
  bundles: z.record(
    z.string(),
    z.object({ out: z.string(), code: z.string(), outputs: z.array(z.string()), bytes: z.number() }),
  ),
});
export type Graph = z.infer<typeof Graph>;

export const readGraph = (file: string): Graph => Graph.parse(JSON.parse(readFileSync(file, "utf8")));

const types = {
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  archive: "aws:cloudwatch/eventArchive:EventArchive",
  authorizer: "aws:apigateway/authorizer:Authorizer",
  apiResource: "aws:apigateway/resource:Resource",
  apiStage: "aws:apigateway/stage:Stage",
  bucket: "aws:s3/bucket:Bucket",
  bucketEncryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  bucketLifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  cache: "aws:elasticache/serverlessCache:ServerlessCache",
  budget: "aws:budgets/budget:Budget",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  delivery: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  distribution: "aws:cloudfront/distribution:Distribution",
  firewall: "aws:wafv2/webAcl:WebAcl",
  function: "aws:lambda/function:Function",
  glueTable: "aws:glue/catalogTable:CatalogTable",
  invokeConfig: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  invokePermission: "aws:lambda/permission:Permission",
  key: "aws:kms/key:Key",
  log: "aws:cloudwatch/logGroup:LogGroup",
  method: "aws:apigateway/method:Method",
  metricFilter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  restApi: "aws:apigateway/restApi:RestApi",
  role: "aws:iam/role:Role",
  rule: "aws:cloudwatch/eventRule:EventRule",
  schedule: "aws:scheduler/schedule:Schedule",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  securityGroupRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  source: "aws:lambda/eventSourceMapping:EventSourceMapping",
  table: "aws:dynamodb/table:Table",
  target: "aws:cloudwatch/eventTarget:EventTarget",
  topic: "aws:sns/topic:Topic",
  topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
  trail: "aws:cloudtrail/trail:Trail",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  usagePlan: "aws:apigateway/usagePlan:UsagePlan",
} as const;
export type Kind = keyof typeof types;

export const resources = (graph: Graph, kind: Kind): Resource[] =>
  graph.resources.filter(({ type }) => type === types[kind]);

/** The resources of a kind, by what was asked for of them. Throws when they are not of that shape. */
export const all = <Shape extends z.ZodType>(graph: Graph, kind: Kind, shape: Shape) =>
  resources(graph, kind).map(({ name, inputs, outputs }) => {
    const parsed = shape.safeParse(inputs);
    if (!parsed.success) throw new Error(`${kind} ${name}: ${z.prettifyError(parsed.error)}`);
    return {
      name,
      arn: String(outputs["arn"]),
      id: String(outputs["id"]),
      ...(parsed.data as object),
    } as {
      name: string;
      arn: string;
      id: string;
    } & z.infer<Shape>;
  });

/** JSON, in a string or not: Pulumi takes both. */
export const json = <Shape extends z.ZodType>(shape: Shape) =>
  z
    .unknown()
    .transform((value): unknown => (typeof value === "string" ? JSON.parse(value) : value))
    .pipe(shape);

const strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

export const Policy = json(
  z.object({
    Statement: z.array(
      z.object({
        Sid: z.string().optional(),
        Effect: z.string(),
        Principal: z.union([z.string(), z.record(z.string(), strings)]).optional(),
        Action: strings,
        Resource: strings.optional(),
        Condition: z.record(z.string(), z.record(z.string(), strings)).optional(),
      }),
    ),
  }),
);
export type Statement = z.infer<typeof Policy>["Statement"][number];

/** An assertion on a graph: what it finds wrong, and at least one way to break the graph that it must find. */
export type Rule = {
  check(graph: Graph): string[];
  /** By what is broken. Each changes the graph that it is given. */
  breaks: Record<string, (graph: Graph) => void>;
};

/** `faulty(...)` of each, where it says something. */
export const faults = <Item extends { name: string }>(
  items: readonly Item[],
  faulty: (item: Item) => string | undefined | false,
): string[] =>
  items.flatMap((item) => {
    const fault = faulty(item);
    return fault ? [`${item.name}: ${fault}`] : [];
  });

/** What each role may do, statement by statement. */
export const statements = (graph: Graph) =>
  all(graph, "role", Role).flatMap(({ name, arn, inlinePolicies }) =>
    inlinePolicies.flatMap(({ policy }) => policy.Statement.map((statement) => ({ name, arn, statement }))),
  );

const Role = z.object({ inlinePolicies: z.array(z.object({ policy: Policy })).default([]) });

/** What each function is given as its environment. */
export const environments = (graph: Graph) =>
  all(graph, "function", z.object({ environment: z.object({ variables }) })).map(({ name, environment }) => ({
    name,
    variables: environment.variables,
  }));

export const variables = z.record(z.string(), z.string());

export const isTlsOnly = ({ Effect, Principal, Condition }: Statement): boolean =>
  Effect === "Deny" && Principal === "*" && Condition?.["Bool"]?.["aws:SecureTransport"]?.join() === "false";

export const arnOf = (graph: Graph, kind: Kind, name: string): string =>
  String(find(graph, kind, name).outputs["arn"]);

const find = (graph: Graph, kind: Kind, name: string): Resource => {
  const found = resources(graph, kind).find((each) => each.name === name);
  if (!found) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

/** Breaks one property, such as `redrivePolicy` or `retryPolicy.maximumRetryAttempts`; `undefined` takes it away. */
export const change =
  (kind: Kind, name: string, path: string, value: unknown) =>
  (graph: Graph): void => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at: Record<string, unknown> = find(graph, kind, name).inputs;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    if (!(last in at) && value === undefined) throw new Error(`${kind} ${name} has no ${path} to break`);
    if (value === undefined) delete at[last];
    else at[last] = value;
  };

/** Breaks a text, JSON perhaps, wherever it is in the inputs. */
export const replace =
  (kind: Kind, name: string, from: string, to: string) =>
  (graph: Graph): void => {
    const resource = find(graph, kind, name);
    const escape = (text: string): string => JSON.stringify(text).slice(1, -1);
    const before = JSON.stringify(resource.inputs);
    const after = before.replaceAll(from, to).replaceAll(escape(from), escape(to));
    if (after === before) throw new Error(`${kind} ${name} has no ${from} to break`);
    resource.inputs = JSON.parse(after) as Resource["inputs"];
  };

export const remove =
  (kind: Kind, name: string) =>
  (graph: Graph): void => {
    const resource = find(graph, kind, name);
    graph.resources = graph.resources.filter((each) => each !== resource);
  };

export const add =
  (kind: Kind, name: string, inputs: Record<string, unknown>) =>
  (graph: Graph): void =>
    void graph.resources.push({
      type: types[kind],
      name,
      custom: true,
      retainOnDelete: false,
      inputs,
      outputs: {},
    });
