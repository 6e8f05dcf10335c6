/** Where everything is kept: the tables, the media, and the keys that they are encrypted with. */
import { tableSchemas, type TableSchema } from "../packages/core/store/dynamo-schemas.ts";
import { accountId, physicalName, regionName } from "./names.ts";
import type { StagePolicy } from "./stage.ts";

export type Data = ReturnType<typeof createData>;

export const createData = (policy: StagePolicy) => {
  const atRest = createKey("AtRestKey", "What Hilo keeps, encrypted at rest", policy, servicesThatEncrypt());
  const persons = createKey("PersonsKey", "Wraps the data key of each person (D12)", policy, []);
  const table = tables(policy, atRest);
  return {
    /** Encrypts tables, buckets, logs and alarms. */
    atRest,
    /** Wraps the data keys of persons; nothing else is encrypted with it. */
    persons,
    tables: {
      events: table("Events", tableSchemas.events),
      snapshots: table("Snapshots", tableSchemas.snapshots),
      views: table("Views", tableSchemas.views),
      identities: table("Identities", tableSchemas.identities),
      keys: table("Keys", tableSchemas.keys, policy.keyRecoveryDays),
      limits: table("Limits", tableSchemas.limits),
    },
    media: createMedia(policy, atRest),
  };
};

const createKey = (
  name: string,
  description: string,
  policy: StagePolicy,
  services: aws.types.input.iam.GetPolicyDocumentStatementArgs[],
): aws.kms.Key => {
  const key = new aws.kms.Key(
    name,
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: policy.keepsData ? 30 : 7,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          // Without it, nobody could ever change the key again; who may do what is then up to each role.
          {
            sid: "Account",
            actions: ["kms:*"],
            resources: ["*"],
            principals: [{ type: "AWS", identifiers: [$interpolate`arn:aws:iam::${accountId()}:root`] }],
          },
          ...services,
        ],
      }).json,
    },
    { protect: policy.protect },
  );
  new aws.kms.Alias(`${name}Alias`, {
    name: `alias/${physicalName(name)}`,
    targetKeyId: key.keyId,
  });
  return key;
};

/** Those that encrypt on their own behalf, each for our own resources only. */
const servicesThatEncrypt = () => [
  {
    sid: "Logs",
    actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
    resources: ["*"],
    principals: [{ type: "Service", identifiers: [$interpolate`logs.${regionName()}.amazonaws.com`] }],
    conditions: [
      {
        test: "ArnLike",
        variable: "kms:EncryptionContext:aws:logs:arn",
        values: [$interpolate`arn:aws:logs:${regionName()}:${accountId()}:log-group:*`],
      },
    ],
  },
  {
    sid: "AlarmsAndBudgets",
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: ["*"],
    principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }],
    conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId()] }],
  },
  {
    sid: "Trail",
    actions: ["kms:GenerateDataKey", "kms:DescribeKey"],
    resources: ["*"],
    principals: [{ type: "Service", identifiers: ["cloudtrail.amazonaws.com"] }],
    conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId()] }],
  },
];

const tables =
  (policy: StagePolicy, key: aws.kms.Key) =>
  (name: string, schema: TableSchema, recoveryDays = policy.recoveryDays) =>
    new sst.aws.Dynamo(
      name,
      {
        ...schema,
        deletionProtection: policy.keepsData,
        transform: {
          table: {
            serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
            pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: recoveryDays },
          },
        },
      },
      { protect: policy.protect },
    );

/** By person and message, sealed with the person's key. Without versions: erasing a person deletes their objects for good. */
const createMedia = (policy: StagePolicy, key: aws.kms.Key): sst.aws.Bucket =>
  createBucket("Media", {
    policy,
    key,
    lifecycle: {
      id: "cheaper-when-unread",
      transitions: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }],
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  });

type BucketArgs = {
  policy: StagePolicy;
  key: aws.kms.Key;
  /** What becomes of all that lies in it for long. */
  lifecycle: Omit<aws.types.input.s3.BucketLifecycleConfigurationRule, "status" | "filter">;
  /** Who else may do something with it. */
  access?: sst.aws.BucketArgs["policy"];
};

/** Private, over TLS only, encrypted with our key. */
export const createBucket = (
  name: string,
  { policy, key, lifecycle, access = [] }: BucketArgs,
): sst.aws.Bucket => {
  const bucket = new sst.aws.Bucket(
    name,
    { cors: false, policy: access, transform: { bucket: { forceDestroy: !policy.keepsData } } },
    { protect: policy.protect },
  );
  new aws.s3.BucketLifecycleConfiguration(`${name}Lifecycle`, {
    bucket: bucket.name,
    rules: [{ ...lifecycle, status: "Enabled", filter: { prefix: "" } }],
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: bucket.name,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true,
      },
    ],
  });
  return bucket;
};
