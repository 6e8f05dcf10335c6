/** Valkey for contexts, by setting, and the network that it is reached in: it costs more than it saves before there are many (ADR 0070). */
import type { Data } from "./data.ts";
import { physicalName, regionName } from "./names.ts";
import type { Settings } from "./settings.ts";

type Deps = { settings: Settings; data: Data };

/** Where a function is that must reach the cache, and how it is told. */
export type Cache = {
  environment: Record<string, $util.Input<string>>;
  network?: { privateSubnets: $util.Input<$util.Input<string>[]>; securityGroups: $util.Input<string>[] };
};

const valkeyPort = 6379;

export const createCache = ({ settings, data }: Deps): Cache => {
  if (settings.HILO_CACHE === "none") return { environment: {} };
  const vpc = new sst.aws.Vpc("Vpc", { az: 2, nat: "managed" });
  const askers = new aws.ec2.SecurityGroup("CacheAskers", {
    vpcId: vpc.id,
    description: "Functions that ask the cache",
  });
  const guard = new aws.ec2.SecurityGroup("CacheGuard", { vpcId: vpc.id, description: "The cache" });
  const tcp = (
    name: string,
    type: "ingress" | "egress",
    port: number,
    of: aws.ec2.SecurityGroup,
    to: object,
  ) =>
    new aws.ec2.SecurityGroupRule(name, {
      type,
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      securityGroupId: of.id,
      ...to,
    });
  tcp("CacheFromAskers", "ingress", valkeyPort, guard, { sourceSecurityGroupId: askers.id });
  tcp("AskersToCache", "egress", valkeyPort, askers, { sourceSecurityGroupId: guard.id });
  // WhatsApp, Bedrock and the rest of AWS, over TLS
  tcp("AskersToAll", "egress", 443, askers, { cidrBlocks: ["0.0.0.0/0"] });
  reachDynamoWithoutNat(vpc);
  const cache = new aws.elasticache.ServerlessCache("Cache", {
    name: physicalName("cache").slice(0, 40),
    description: "Hilo: contexts at hand, encrypted per person",
    engine: "valkey",
    majorEngineVersion: "8",
    kmsKeyId: data.atRest.arn,
    securityGroupIds: [guard.id],
    subnetIds: vpc.privateSubnets,
    // what it may grow to, and so what it may cost
    cacheUsageLimits: { dataStorage: { maximum: 1, unit: "GB" }, ecpuPerSeconds: [{ maximum: 5_000 }] },
  });
  const at = cache.endpoints.apply(([endpoint]) => `${endpoint?.address}:${endpoint?.port ?? valkeyPort}`);
  return {
    environment: { HILO_CACHE_URL: $interpolate`rediss://${at}` },
    network: { privateSubnets: vpc.privateSubnets, securityGroups: [askers.id] },
  };
};

/** Most of what they ask is DynamoDB, and a gateway to it is free, where NAT is paid by the gigabyte. */
const reachDynamoWithoutNat = (vpc: sst.aws.Vpc): void =>
  void new aws.ec2.VpcEndpoint("DynamoEndpoint", {
    vpcId: vpc.id,
    serviceName: $interpolate`com.amazonaws.${regionName()}.dynamodb`,
    vpcEndpointType: "Gateway",
    routeTableIds: vpc.nodes.privateRouteTables.apply((tables) => tables.map(({ id }) => id)),
  });
