// What AWS would answer: the outputs of each resource, and of each question asked while resources are declared.
// It is our opinion of AWS. A question that nobody foresaw fails, so that a missing answer is loud.

export const account = "000000000000";
export const region = "us-east-1";

const arnOf = (service, rest) => `arn:aws:${service}:${region}:${account}:${rest}`;
const globalArn = (service, rest) => `arn:aws:${service}::${account}:${rest}`;

/** The id and the state of a resource, given what was asked for. */
export function outputs(type, name, inputs) {
  const made = known[type]?.(inputs, name) ?? other(type, inputs, name);
  const { id = made.arn ?? `${name}-id`, ...computed } = made;
  return { id, state: { ...defaults(inputs), ...inputs, ...computed } };
}

const defaults = () => ({ tags: {} });

const known = {
  "aws:sqs/queue:Queue": ({ name }) => {
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return { id: url, url, arn: arnOf("sqs", name) };
  },
  "aws:dynamodb/table:Table": ({ name, streamEnabled }) => ({
    id: name,
    arn: arnOf("dynamodb", `table/${name}`),
    ...(streamEnabled && { streamArn: arnOf("dynamodb", `table/${name}/stream/2026-01-01T00:00:00.000`) }),
  }),
  "aws:s3/bucket:Bucket": ({ bucket }) => ({
    id: bucket,
    arn: `arn:aws:s3:::${bucket}`,
    region,
    bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
  }),
  "aws:s3/bucketObjectv2:BucketObjectv2": ({ key }) => ({ id: key }),
  "aws:lambda/function:Function": (inputs, logical) => {
    const name = inputs.name ?? logical;
    const arn = arnOf("lambda", `function:${name}`);
    const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    return { id: name, name, arn, invokeArn, qualifiedArn: `${arn}:1`, version: "1" };
  },
  "aws:iam/role:Role": (inputs, logical) => {
    const name = inputs.name ?? logical;
    return { id: name, name, arn: globalArn("iam", `role/${name}`), uniqueId: `AROA${logical}` };
  },
  "aws:elasticache/serverlessCache:ServerlessCache": ({ name }) => ({
    id: name,
    arn: arnOf("elasticache", `serverlesscache:${name}`),
    endpoints: [{ address: `${name}.serverless.use1.cache.amazonaws.com`, port: 6379 }],
  }),
  "aws:kms/key:Key": (_, logical) => ({ id: logical, keyId: logical, arn: arnOf("kms", `key/${logical}`) }),
  "aws:cloudwatch/eventBus:EventBus": ({ name }) => ({ id: name, arn: arnOf("events", `event-bus/${name}`) }),
  "aws:cloudwatch/eventRule:EventRule": (inputs, logical) => {
    const name = inputs.name ?? logical;
    return { id: name, name, arn: arnOf("events", `rule/${inputs.eventBusName}/${name}`) };
  },
  "aws:cloudwatch/eventArchive:EventArchive": ({ name }, logical) => ({
    id: name ?? logical,
    arn: arnOf("events", `archive/${name ?? logical}`),
  }),
  "aws:cloudwatch/logGroup:LogGroup": (inputs, logical) => {
    const name = inputs.name ?? logical;
    return { id: name, name, arn: arnOf("logs", `log-group:${name}`) };
  },
  "aws:sns/topic:Topic": ({ name }) => ({ arn: arnOf("sns", name) }),
  "aws:apigateway/restApi:RestApi": (_, logical) => ({
    id: logical,
    arn: `arn:aws:apigateway:${region}::/restapis/${logical}`,
    executionArn: arnOf("execute-api", logical),
    rootResourceId: `${logical}-root`,
  }),
  "aws:apigateway/authorizer:Authorizer": (_, logical) => ({ id: logical }),
  "aws:apigateway/usagePlan:UsagePlan": (_, logical) => ({ id: logical }),
  "aws:apigateway/stage:Stage": ({ restApi, stageName }) => ({
    id: `${restApi}-${stageName}`,
    arn: `arn:aws:apigateway:${region}::/restapis/${restApi}/stages/${stageName}`,
    invokeUrl: `https://${restApi}.execute-api.${region}.amazonaws.com/${stageName}`,
  }),
  "aws:apigateway/apiKey:ApiKey": (_, logical) => ({ id: logical, value: `value-of-${logical}` }),
  "aws:apigateway/account:Account": () => ({ id: "api-gateway-account" }),
  "aws:cloudfront/distribution:Distribution": (_, logical) => ({
    id: logical,
    arn: globalArn("cloudfront", `distribution/${logical}`),
    domainName: `${logical.toLowerCase()}.cloudfront.net`,
    hostedZoneId: "Z2FDTNDATAQYW2",
  }),
  "aws:acm/certificate:Certificate": ({ domainName }) => ({
    arn: arnOf("acm", `certificate/${domainName}`),
    domainValidationOptions: [
      {
        domainName,
        resourceRecordName: `_proof.${domainName}`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "proof.invalid",
      },
    ],
  }),
  "aws:acm/certificateValidation:CertificateValidation": ({ certificateArn }) => ({ certificateArn }),
  "random:index/randomBytes:RandomBytes": ({ length }, logical) => {
    const bytes = Buffer.alloc(length, logical);
    return { base64: bytes.toString("base64"), hex: bytes.toString("hex") };
  },
  "random:index/randomPassword:RandomPassword": ({ length }) => ({ result: "r".repeat(length) }),
};

const other = (type, inputs, logical) => {
  const [, service, kind] = /^[^:]+:([^/]+)\/(\w+):/.exec(type) ?? [undefined, "other", "thing"];
  const name = inputs.name ?? logical;
  return { id: name, name, arn: arnOf(service, `${kind}/${name}`) };
};

/** The answer to a question. */
export function answer(token, inputs) {
  const known = answers[token];
  if (!known) throw new Error(`nothing stands in for ${token}`);
  return known(inputs);
}

const answers = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: "",
    id: account,
    userId: "",
  }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" }),
  "aws:index/getRegion:getRegion": () => ({ region, name: region, id: region, description: "" }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: ["use1-az1", "use1-az2", "use1-az3"],
    groupNames: [region],
  }),
  "aws:route53/getZone:getZone": ({ name }) => ({ zoneId: `Z-${name}`, name }),
  "aws:iam/getPolicyDocument:getPolicyDocument": ({ statements = [] }) => ({
    id: "policy",
    statements: statements.length > 0 ? statements : undefined,
    json: JSON.stringify({ Version: "2012-10-17", Statement: statements.map(statement) }),
  }),
};

const statement = ({ sid, effect = "Allow", actions, resources, principals, conditions }) => ({
  ...(sid && { Sid: sid }),
  Effect: effect,
  ...(principals && { Principal: principal(principals) }),
  ...(actions && { Action: actions }),
  ...(resources && { Resource: resources }),
  ...(conditions?.length && { Condition: condition(conditions) }),
});

const principal = (principals) => {
  const byType = Map.groupBy(principals, ({ type }) => type);
  if (byType.has("*")) return "*";
  return Object.fromEntries(
    [...byType].map(([type, all]) => [type, all.flatMap((each) => each.identifiers)]),
  );
};

const condition = (conditions) =>
  Object.fromEntries(
    [...Map.groupBy(conditions, ({ test }) => test)].map(([test, all]) => [
      test,
      Object.fromEntries(all.map(({ variable, values }) => [variable, values])),
    ]),
  );
