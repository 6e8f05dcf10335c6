import { readFile } from "node:fs/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateAliasCommand, CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import * as z from "zod";
import { given, ignored, resource } from "./resource.ts";

const keyType = z.enum(["S", "N", "B"]);
const keySchema = (hashKey: string, rangeKey: string | undefined) => [
  { AttributeName: hashKey, KeyType: "HASH" as const },
  ...(rangeKey ? [{ AttributeName: rangeKey, KeyType: "RANGE" as const }] : []),
];

export const storage = {
  "aws:kms/key:Key": resource(
    {
      description: z.string(),
      policy: z.string(),
      // Nothing here lives long enough.
      enableKeyRotation: ignored,
      deletionWindowInDays: ignored,
    },
    async ({ description, policy }, { kms }) => {
      const { KeyMetadata: key } = await kms.send(
        new CreateKeyCommand({ Description: description, Policy: policy }),
      );
      const keyId = given(key?.KeyId, "KeyId");
      return { id: keyId, keyId, arn: given(key?.Arn, "Arn") };
    },
  ),

  "aws:kms/alias:Alias": resource(
    { name: z.string(), targetKeyId: z.string() },
    async ({ name, targetKeyId }, { kms }) => {
      await kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: targetKeyId }));
      return { id: name };
    },
  ),

  "aws:dynamodb/table:Table": resource(
    {
      name: z.string(),
      attributes: z.array(z.object({ name: z.string(), type: keyType })),
      hashKey: z.string(),
      rangeKey: z.string().optional(),
      billingMode: z.literal("PAY_PER_REQUEST"),
      globalSecondaryIndexes: z.array(
        z.object({
          name: z.string(),
          hashKey: z.string(),
          rangeKey: z.string(),
          projectionType: z.literal("KEYS_ONLY"),
        }),
      ),
      localSecondaryIndexes: z.array(z.never()),
      streamEnabled: z.boolean(),
      streamViewType: z.literal("NEW_IMAGE").optional(),
      serverSideEncryption: z.object({ enabled: z.boolean(), kmsKeyArn: z.string() }),
      ttl: z.object({ enabled: z.literal(true), attributeName: z.string() }).optional(),
      // Nothing here is ever restored, and the emulator ends with all that it holds.
      pointInTimeRecovery: ignored,
      deletionProtectionEnabled: ignored,
    },
    async (table, { dynamo }) => {
      const indexes = table.globalSecondaryIndexes.map(({ name, hashKey, rangeKey, projectionType }) => ({
        IndexName: name,
        KeySchema: keySchema(hashKey, rangeKey),
        Projection: { ProjectionType: projectionType },
      }));
      await dynamo.send(
        new CreateTableCommand({
          TableName: table.name,
          BillingMode: table.billingMode,
          AttributeDefinitions: table.attributes.map(({ name, type }) => ({
            AttributeName: name,
            AttributeType: type,
          })),
          KeySchema: keySchema(table.hashKey, table.rangeKey),
          ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
          ...(table.streamEnabled && {
            StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamViewType },
          }),
          SSESpecification: {
            Enabled: table.serverSideEncryption.enabled,
            SSEType: "KMS",
            KMSMasterKeyId: table.serverSideEncryption.kmsKeyArn,
          },
        }),
      );
      await waitUntilTableExists(
        { client: dynamo, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.2 },
        { TableName: table.name },
      );
      if (table.ttl)
        await dynamo.send(
          new UpdateTimeToLiveCommand({
            TableName: table.name,
            TimeToLiveSpecification: { Enabled: true, AttributeName: table.ttl.attributeName },
          }),
        );
      const { Table: made } = await dynamo.send(new DescribeTableCommand({ TableName: table.name }));
      return {
        id: table.name,
        arn: given(made?.TableArn, "TableArn"),
        ...(table.streamEnabled && { streamArn: given(made?.LatestStreamArn, "LatestStreamArn") }),
      };
    },
  ),

  "aws:s3/bucket:Bucket": resource(
    // The emulator ends with all that it holds.
    { bucket: z.string(), forceDestroy: ignored },
    async ({ bucket }, { s3 }) => {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      return { id: bucket, arn: `arn:aws:s3:::${bucket}` };
    },
  ),

  "aws:s3/bucketPolicy:BucketPolicy": resource(
    { bucket: z.string(), policy: z.string() },
    async ({ bucket, policy }, { s3 }) => {
      await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
      return { id: bucket };
    },
  ),

  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": resource(
    {
      bucket: z.string(),
      blockPublicAcls: z.boolean(),
      blockPublicPolicy: z.boolean(),
      ignorePublicAcls: z.boolean(),
      restrictPublicBuckets: z.boolean(),
    },
    async ({ bucket, ...block }, { s3 }) => {
      await s3.send(
        new PutPublicAccessBlockCommand({
          Bucket: bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: block.blockPublicAcls,
            BlockPublicPolicy: block.blockPublicPolicy,
            IgnorePublicAcls: block.ignorePublicAcls,
            RestrictPublicBuckets: block.restrictPublicBuckets,
          },
        }),
      );
      return { id: bucket };
    },
  ),

  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": resource(
    {
      bucket: z.string(),
      rules: z.array(
        z.object({
          applyServerSideEncryptionByDefault: z.object({
            sseAlgorithm: z.literal("aws:kms"),
            kmsMasterKeyId: z.string(),
          }),
          bucketKeyEnabled: z.boolean(),
        }),
      ),
    },
    async ({ bucket, rules }, { s3 }) => {
      await s3.send(
        new PutBucketEncryptionCommand({
          Bucket: bucket,
          ServerSideEncryptionConfiguration: {
            Rules: rules.map(({ applyServerSideEncryptionByDefault: by, bucketKeyEnabled }) => ({
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: by.sseAlgorithm,
                KMSMasterKeyID: by.kmsMasterKeyId,
              },
              BucketKeyEnabled: bucketKeyEnabled,
            })),
          },
        }),
      );
      return { id: bucket };
    },
  ),

  "aws:s3/bucketObjectv2:BucketObjectv2": resource(
    { bucket: z.string(), key: z.string(), source: z.string() },
    async ({ bucket, key, source }, { s3 }) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await readFile(source) }));
      return { id: key };
    },
  ),
};
