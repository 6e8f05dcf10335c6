import type { TestProject } from "vitest/node";
import { startDynamodbLocal } from "./dynamodb-local.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where DynamoDB Local listens; undefined where this machine cannot run it. */
    dynamodbEndpoint: string | undefined;
  }
}

/** Gives every integration test `inject("dynamodbEndpoint")`. */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  const server = await startDynamodbLocal();
  if ("unavailable" in server) {
    console.log(`Tests against DynamoDB Local are skipped: ${server.unavailable}.`);
    project.provide("dynamodbEndpoint", undefined);
    return undefined;
  }
  project.provide("dynamodbEndpoint", server.endpoint);
  return server.stop;
}
