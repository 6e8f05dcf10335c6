import { randomUUID } from "node:crypto";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  PutFunctionEventInvokeConfigCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import * as z from "zod";
import { given, ignored, resource } from "./resource.ts";

export const functions = {
  "aws:iam/role:Role": resource(
    {
      name: z.string().optional(),
      assumeRolePolicy: z.string(),
      inlinePolicies: z.array(z.object({ name: z.string(), policy: z.string() })).default([]),
      // AWS's own; the emulator has none of them.
      managedPolicyArns: ignored,
    },
    async ({ name, assumeRolePolicy, inlinePolicies }, { iam }, logicalName) => {
      // Two stages in one account may leave the choice of the same name to us.
      const RoleName = name ?? `${logicalName}-${randomUUID().slice(0, 8)}`;
      const { Role } = await iam.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: assumeRolePolicy }),
      );
      for (const { name: PolicyName, policy: PolicyDocument } of inlinePolicies)
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
      return { id: RoleName, arn: given(Role?.Arn, "Arn") };
    },
  ),

  "aws:cloudwatch/logGroup:LogGroup": resource(
    { name: z.string(), retentionInDays: z.number(), kmsKeyId: z.string() },
    async ({ name, retentionInDays, kmsKeyId }, { logs }) => {
      await logs.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId }));
      await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays }));
      return { id: name };
    },
  ),

  "aws:cloudwatch/logStream:LogStream": resource(
    { name: z.string(), logGroupName: z.string() },
    async ({ name, logGroupName }, { logs }) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: name }));
      return { id: name };
    },
  ),

  "aws:lambda/function:Function": resource(
    {
      name: z.string(),
      description: z.string(),
      runtime: z.literal("nodejs24.x"),
      architectures: z.tuple([z.literal("arm64")]),
      packageType: z.literal("Zip"),
      handler: z.string(),
      s3Bucket: z.string(),
      s3Key: z.string(),
      role: z.string(),
      environment: z.object({ variables: z.record(z.string(), z.string()) }),
      timeout: z.number(),
      memorySize: z.number(),
      ephemeralStorage: z.object({ size: z.number() }),
      kmsKeyArn: z.string(),
      layers: z.tuple([]),
      publish: z.literal(false),
      loggingConfig: z.strictObject({
        logGroup: z.string(),
        logFormat: z.literal("JSON"),
        applicationLogLevel: z.literal("INFO"),
        systemLogLevel: z.enum(["INFO", "WARN"]),
      }),
    },
    async (fn, { lambda }) => {
      const { FunctionArn } = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: fn.name,
          Description: fn.description,
          Runtime: fn.runtime,
          Architectures: fn.architectures,
          PackageType: fn.packageType,
          Handler: fn.handler,
          Code: { S3Bucket: fn.s3Bucket, S3Key: fn.s3Key },
          Role: fn.role,
          Environment: { Variables: fn.environment.variables },
          Timeout: fn.timeout,
          MemorySize: fn.memorySize,
          EphemeralStorage: { Size: fn.ephemeralStorage.size },
          KMSKeyArn: fn.kmsKeyArn,
          Publish: fn.publish,
          LoggingConfig: {
            LogGroup: fn.loggingConfig.logGroup,
            LogFormat: fn.loggingConfig.logFormat,
            ApplicationLogLevel: fn.loggingConfig.applicationLogLevel,
            SystemLogLevel: fn.loggingConfig.systemLogLevel,
          },
        }),
      );
      await waitUntilFunctionActiveV2(
        { client: lambda, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.2 },
        { FunctionName: fn.name },
      );
      const arn = given(FunctionArn, "FunctionArn");
      const invokeArn = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
      return { id: fn.name, arn, invokeArn };
    },
  ),

  "aws:lambda/permission:Permission": resource(
    {
      action: z.string(),
      function: z.string(),
      principal: z.string(),
      qualifier: z.null(),
      sourceArn: z.string(),
    },
    async ({ action, function: FunctionName, principal, sourceArn }, { lambda }, name) => {
      await lambda.send(
        new AddPermissionCommand({
          StatementId: name,
          Action: action,
          FunctionName,
          Principal: principal,
          SourceArn: sourceArn,
        }),
      );
      return { id: name };
    },
  ),

  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": resource(
    {
      functionName: z.string(),
      maximumRetryAttempts: z.number(),
      maximumEventAgeInSeconds: z.number(),
      destinationConfig: z.object({ onFailure: z.object({ destination: z.string() }) }),
    },
    async (config, { lambda }) => {
      await lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: config.functionName,
          MaximumRetryAttempts: config.maximumRetryAttempts,
          MaximumEventAgeInSeconds: config.maximumEventAgeInSeconds,
          DestinationConfig: { OnFailure: { Destination: config.destinationConfig.onFailure.destination } },
        }),
      );
      return { id: config.functionName };
    },
  ),

  "aws:lambda/eventSourceMapping:EventSourceMapping": resource(
    {
      eventSourceArn: z.string(),
      functionName: z.string(),
      batchSize: z.number(),
      functionResponseTypes: z.tuple([z.literal("ReportBatchItemFailures")]),
      scalingConfig: z.object({ maximumConcurrency: z.number() }).optional(),
      startingPosition: z.literal("TRIM_HORIZON").optional(),
      parallelizationFactor: z.number().optional(),
      filterCriteria: z.object({ filters: z.array(z.object({ pattern: z.string() })) }).optional(),
      bisectBatchOnFunctionError: z.boolean().optional(),
      maximumRetryAttempts: z.number().optional(),
      maximumRecordAgeInSeconds: z.number().optional(),
      destinationConfig: z.object({ onFailure: z.object({ destinationArn: z.string() }) }).optional(),
    },
    async (source, { lambda }) => {
      const { UUID } = await lambda.send(
        new CreateEventSourceMappingCommand({
          EventSourceArn: source.eventSourceArn,
          FunctionName: source.functionName,
          BatchSize: source.batchSize,
          FunctionResponseTypes: source.functionResponseTypes,
          ...(source.scalingConfig && {
            ScalingConfig: { MaximumConcurrency: source.scalingConfig.maximumConcurrency },
          }),
          StartingPosition: source.startingPosition,
          ParallelizationFactor: source.parallelizationFactor,
          ...(source.filterCriteria && {
            FilterCriteria: {
              Filters: source.filterCriteria.filters.map(({ pattern }) => ({ Pattern: pattern })),
            },
          }),
          BisectBatchOnFunctionError: source.bisectBatchOnFunctionError,
          MaximumRetryAttempts: source.maximumRetryAttempts,
          MaximumRecordAgeInSeconds: source.maximumRecordAgeInSeconds,
          ...(source.destinationConfig && {
            DestinationConfig: {
              OnFailure: { Destination: source.destinationConfig.onFailure.destinationArn },
            },
          }),
        }),
      );
      return { id: given(UUID, "UUID"), uuid: given(UUID, "UUID") };
    },
  ),
};
