/** As much of AWS as the program `sst` asks before it runs Pulumi: who it is, parameters, and objects in S3. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import * as z from "zod";

/** A version that no `sst` thinks old: it makes no buckets then. */
const bootstrap = {
  version: 99,
  asset: "sst-asset-bucket",
  state: "sst-state-bucket",
  assetEcrRegistryId: "000000000000",
  assetEcrUrl: "registry.invalid/sst-asset",
};

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::000000000000:user/nobody</Arn><UserId>nobody</UserId><Account>000000000000</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const Parameter = z.object({ Name: z.string(), Value: z.string().default("") });

export const startFakeAws = async () => {
  const parameters = new Map([["/sst/bootstrap", JSON.stringify(bootstrap)]]);
  const objects = new Map<string, Buffer>();

  const parameterStore = (action: string, body: Buffer, response: ServerResponse): void => {
    const { Name, Value } = Parameter.parse(JSON.parse(String(body)));
    if (action.endsWith("PutParameter")) parameters.set(Name, Value);
    const found = parameters.get(Name);
    response.writeHead(found === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    const answer = { Parameter: { Name, Value: found, Type: "SecureString" }, Version: 1 };
    response.end(JSON.stringify(found === undefined ? { __type: "ParameterNotFound" } : answer));
  };

  const objectStore = (
    { method, url = "" }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): void => {
    const [key = ""] = url.split("?");
    if (method === "PUT") objects.set(key, body);
    if (method === "DELETE") objects.delete(key);
    const found = objects.get(key);
    if (method !== "GET") return void response.writeHead(200, { etag: '"1"' }).end();
    response.writeHead(found ? 200 : 404, { "content-type": "application/xml" });
    response.end(found ?? "<Error><Code>NoSuchKey</Code></Error>");
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const action = String(request.headers["x-amz-target"] ?? "");
    if (action) parameterStore(action, body, response);
    else if (body.includes("GetCallerIdentity"))
      response.writeHead(200, { "content-type": "text/xml" }).end(identity);
    else objectStore(request, body, response);
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
};
