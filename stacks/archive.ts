/** Every event as a line of JSON in S3, by day, and the table through which Athena asks them. Personal data stays encrypted. */
import { usesKeyFor } from "./access.ts";
import { createBucket, type Data } from "./data.ts";
import { logicalName, physicalName } from "./names.ts";
import { createDeadLetters, guardQueue } from "./queue.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = { policy: StagePolicy; data: Data; bus: sst.aws.Bus };

const prefix = "events";

export type Archive = ReturnType<typeof createArchive>;

export const createArchive = ({ policy, data, bus }: Deps) => {
  const bucket = createBucket("Archive", {
    policy,
    key: data.atRest,
    lifecycle: {
      id: "cheaper-with-age",
      transitions: [{ days: 90, storageClass: "GLACIER_IR" }],
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  });
  createTable(bucket);
  return createDelivery({ policy, data, bus }, bucket);
};

const createDelivery = ({ policy, data, bus }: Deps, bucket: sst.aws.Bucket) => {
  const log = new aws.cloudwatch.LogGroup("ArchiveLog", {
    name: `/aws/kinesisfirehose/${physicalName("archive")}`,
    retentionInDays: policy.logDays,
    kmsKeyId: data.atRest.arn,
  });
  const logStream = new aws.cloudwatch.LogStream("ArchiveLogStream", {
    name: "delivery",
    logGroupName: log.name,
  });
  const role = serviceRole("ArchiveDelivery", "firehose.amazonaws.com", [
    {
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [$interpolate`${bucket.arn}/*`],
    },
    {
      actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      resources: [bucket.arn],
    },
    usesKeyFor(data, "s3", ["kms:Decrypt", "kms:GenerateDataKey"]),
    { actions: ["logs:PutLogEvents"], resources: [$interpolate`${log.arn}:*`] },
  ]);
  const delivery = new aws.kinesis.FirehoseDeliveryStream("ArchiveDeliveryStream", {
    name: physicalName("archive"),
    destination: "extended_s3",
    serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
    extendedS3Configuration: {
      roleArn: role.arn,
      bucketArn: bucket.arn,
      prefix: `${prefix}/day=!{timestamp:yyyy-MM-dd}/`,
      errorOutputPrefix: "failed/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/",
      bufferingInterval: 300,
      bufferingSize: 64,
      compressionFormat: "GZIP",
      kmsKeyArn: data.atRest.arn,
      cloudwatchLoggingOptions: { enabled: true, logGroupName: log.name, logStreamName: logStream.name },
      processingConfiguration: {
        enabled: true,
        processors: [{ type: "AppendDelimiterToRecord", parameters: [] }],
      },
    },
  });
  return createRule(bus, delivery);
};

const createRule = (bus: sst.aws.Bus, delivery: aws.kinesis.FirehoseDeliveryStream) => {
  const name = "archive-events";
  const deadLetters = createDeadLetters(name);
  const rule = new aws.cloudwatch.EventRule(`${logicalName(name)}Rule`, {
    name: physicalName(name),
    eventBusName: bus.name,
    eventPattern: JSON.stringify({ source: ["hilo"] }),
  });
  guardQueue(`${name}-dead-letters`, deadLetters, rule);
  const role = serviceRole("ArchiveRule", "events.amazonaws.com", [
    { actions: ["firehose:PutRecord", "firehose:PutRecordBatch"], resources: [delivery.arn] },
  ]);
  new aws.cloudwatch.EventTarget(`${logicalName(name)}Target`, {
    eventBusName: bus.name,
    rule: rule.name,
    targetId: name,
    arn: delivery.arn,
    roleArn: role.arn,
    retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 100 },
    deadLetterConfig: { arn: deadLetters.arn },
  });
  return { name, deadLetters };
};

const serviceRole = (
  name: string,
  service: string,
  statements: aws.types.input.iam.GetPolicyDocumentStatementArgs[],
): aws.iam.Role =>
  new aws.iam.Role(`${name}Role`, {
    name: physicalName(name),
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: service }),
    inlinePolicies: [{ name: "inline", policy: aws.iam.getPolicyDocumentOutput({ statements }).json }],
  });

/** `select * from events where day = '2026-11-23'`: partitions are computed, so nothing has to add them. */
const createTable = (bucket: sst.aws.Bucket) => {
  const database = new aws.glue.CatalogDatabase("ArchiveDatabase", {
    name: physicalName("archive").replaceAll("-", "_"),
  });
  const location = $interpolate`s3://${bucket.name}/${prefix}/`;
  new aws.glue.CatalogTable("ArchiveTable", {
    databaseName: database.name,
    name: "events",
    tableType: "EXTERNAL_TABLE",
    parameters: {
      classification: "json",
      "projection.enabled": "true",
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      "projection.day.range": "2026-01-01,NOW",
      "storage.location.template": $interpolate`${location}day=\${day}/`,
    },
    partitionKeys: [{ name: "day", type: "string" }],
    storageDescriptor: {
      location,
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serDeInfo: {
        serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
        parameters: { "mapping.detailtype": "detail-type", "ignore.malformed.json": "true" },
      },
      columns: [
        { name: "id", type: "string" },
        { name: "time", type: "string" },
        { name: "detailtype", type: "string" },
        {
          name: "detail",
          type: "struct<id:string,stream:string,version:int,at:string,subject:string,commitId:string,causationId:string,schemaVersion:int>",
        },
      ],
    },
  });
};
