import {
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import * as z from "zod";
import { given, ignored, resource } from "./resource.ts";

const throttle = { rateLimit: z.number(), burstLimit: z.number() };

export const api = {
  "aws:apigateway/restApi:RestApi": resource(
    {
      name: z.string(),
      endpointConfiguration: z.object({ types: z.literal("REGIONAL") }),
      binaryMediaTypes: z.array(z.string()),
    },
    async ({ name, endpointConfiguration: { types }, binaryMediaTypes }, { apiGateway }) => {
      const { id, rootResourceId } = await apiGateway.send(
        new CreateRestApiCommand({ name, endpointConfiguration: { types: [types] }, binaryMediaTypes }),
      );
      const made = given(id, "id");
      return {
        id: made,
        arn: `arn:aws:apigateway:us-east-1::/restapis/${made}`,
        executionArn: `arn:aws:execute-api:us-east-1:000000000000:${made}`,
        rootResourceId: given(rootResourceId, "rootResourceId"),
      };
    },
  ),

  "aws:apigateway/resource:Resource": resource(
    { restApi: z.string(), parentId: z.string(), pathPart: z.string() },
    async ({ restApi: restApiId, parentId, pathPart }, { apiGateway }) => {
      const { id } = await apiGateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
      return { id: given(id, "id") };
    },
  ),

  "aws:apigateway/authorizer:Authorizer": resource(
    {
      restApi: z.string(),
      name: z.string(),
      type: z.literal("REQUEST"),
      authorizerUri: z.string(),
      identitySource: z.string(),
      authorizerResultTtlInSeconds: z.number(),
    },
    async ({ restApi: restApiId, ...authorizer }, { apiGateway }) => {
      const { id } = await apiGateway.send(new CreateAuthorizerCommand({ restApiId, ...authorizer }));
      return { id: given(id, "id") };
    },
  ),

  "aws:apigateway/method:Method": resource(
    {
      restApi: z.string(),
      resourceId: z.string(),
      httpMethod: z.string(),
      authorization: z.enum(["NONE", "CUSTOM"]),
      authorizerId: z.string().optional(),
      apiKeyRequired: z.boolean(),
    },
    async ({ restApi: restApiId, authorization: authorizationType, ...method }, { apiGateway }) => {
      await apiGateway.send(new PutMethodCommand({ restApiId, authorizationType, ...method }));
      return {};
    },
  ),

  "aws:apigateway/integration:Integration": resource(
    {
      restApi: z.string(),
      resourceId: z.string(),
      httpMethod: z.string(),
      type: z.literal("AWS_PROXY"),
      integrationHttpMethod: z.literal("POST"),
      uri: z.string(),
      // The default.
      responseTransferMode: z.literal("BUFFERED"),
    },
    async (
      { restApi: restApiId, resourceId, httpMethod, type, integrationHttpMethod, uri },
      { apiGateway },
    ) => {
      await apiGateway.send(
        new PutIntegrationCommand({ restApiId, resourceId, httpMethod, type, integrationHttpMethod, uri }),
      );
      return {};
    },
  ),

  "aws:apigateway/deployment:Deployment": resource(
    // They only say when to deploy again.
    { restApi: z.string(), triggers: ignored },
    async ({ restApi: restApiId }, { apiGateway }) => {
      const { id } = await apiGateway.send(new CreateDeploymentCommand({ restApiId }));
      return { id: given(id, "id") };
    },
  ),

  "aws:apigateway/stage:Stage": resource(
    {
      restApi: z.string(),
      deployment: z.string(),
      stageName: z.string(),
      accessLogSettings: z.object({ destinationArn: z.string(), format: z.string() }),
      xrayTracingEnabled: z.literal(false),
    },
    async (
      { restApi: restApiId, deployment: deploymentId, stageName, accessLogSettings },
      { apiGateway },
    ) => {
      await apiGateway.send(new CreateStageCommand({ restApiId, deploymentId, stageName }));
      const patchOperations = Object.entries(accessLogSettings).map(([name, value]) => ({
        op: "replace" as const,
        path: `/accessLogSettings/${name}`,
        value,
      }));
      await apiGateway.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
      return { id: stageName };
    },
  ),

  "aws:apigateway/apiKey:ApiKey": resource(
    { name: z.string(), description: z.string() },
    async ({ name, description }, { apiGateway }) => {
      const { id, value } = await apiGateway.send(
        new CreateApiKeyCommand({ name, description, enabled: true }),
      );
      return { id: given(id, "id"), value: given(value, "value") };
    },
  ),

  "aws:apigateway/usagePlan:UsagePlan": resource(
    {
      name: z.string(),
      apiStages: z.array(
        z.object({
          apiId: z.string(),
          stage: z.string(),
          throttles: z.array(z.object({ path: z.string(), ...throttle })),
        }),
      ),
      throttleSettings: z.object(throttle),
    },
    async ({ name, apiStages, throttleSettings }, { apiGateway }) => {
      const { id } = await apiGateway.send(
        new CreateUsagePlanCommand({
          name,
          apiStages: apiStages.map(({ apiId, stage, throttles }) => ({
            apiId,
            stage,
            throttle: Object.fromEntries(throttles.map(({ path, ...limits }) => [path, limits])),
          })),
          throttle: throttleSettings,
        }),
      );
      return { id: given(id, "id") };
    },
  ),

  "aws:apigateway/usagePlanKey:UsagePlanKey": resource(
    { usagePlanId: z.string(), keyId: z.string(), keyType: z.literal("API_KEY") },
    async ({ usagePlanId, keyId, keyType }, { apiGateway }) => {
      await apiGateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType }));
      return {};
    },
  ),
};
