import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** To find credentials, which may mean to ask a machine's metadata service that isn't there. */
const credentialsMs = 5_000;
const connectionMs = 2_000;

/**
 * One attempt per request, over HTTP/1.1, which proxies and stand-ins speak too. Credentials are found as the AWS
 * command line finds them, and `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` is heeded.
 */
export const bedrockClient = (region: string): BedrockRuntimeClient =>
  new BedrockRuntimeClient({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: connectionMs }),
  });

/** Whether there is something to sign a request with, found as for a real one, which then is not sent. */
export const hasCredentials = async (client: BedrockRuntimeClient): Promise<boolean> => {
  const command = new ConverseCommand({ modelId: "none", messages: [] });
  command.middlewareStack.addRelativeTo(() => () => Promise.reject(new Signed()), {
    name: "notSent",
    relation: "after",
    toMiddleware: "httpSigningMiddleware",
  });
  const late = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), credentialsMs).unref();
  });
  const signed = client.send(command).then(
    () => false,
    (error: unknown) => error instanceof Signed,
  );
  return Promise.race([signed, late]);
};

class Signed extends Error {}
