/** That the network of the cache, where there is one, lets in and out what it is for. They are broken in a graph that has it. */
import * as z from "zod";
import {
  add,
  all,
  arnOf,
  change,
  environments,
  faults,
  remove,
  replace,
  resources,
  statements,
  variables,
  type Graph,
  type Rule,
} from "./graph.ts";

const Function = z.object({
  environment: z.object({ variables }),
  vpcConfig: z.object({ subnetIds: z.array(z.string()), securityGroupIds: z.array(z.string()) }).optional(),
});
const GroupRule = z.object({
  type: z.string(),
  securityGroupId: z.string(),
  fromPort: z.number(),
  toPort: z.number(),
  sourceSecurityGroupId: z.string().optional(),
  cidrBlocks: z.array(z.string()).default([]),
});
const Cache = z.object({
  engine: z.string(),
  kmsKeyId: z.string(),
  securityGroupIds: z.array(z.string()),
  subnetIds: z.array(z.string()),
  cacheUsageLimits: z.object({ dataStorage: z.object({ maximum: z.number() }) }).optional(),
});

const groupId = (graph: Graph, name: string): string =>
  String(resources(graph, "securityGroup").find((each) => each.name === name)?.id);

const isPrivate = (subnet: string): boolean => subnet.startsWith("VpcPrivateSubnet");

export const networkRules: Record<string, Rule> = {
  "the cache is Valkey, encrypted with our key, reached over TLS, and can't grow without end": {
    check: (graph) => {
      const key = arnOf(graph, "key", "AtRestKey");
      const urls = environments(graph).map((each) => each.variables["HILO_CACHE_URL"] ?? "rediss://");
      return [
        ...faults(all(graph, "cache", Cache), ({ engine, kmsKeyId, cacheUsageLimits, subnetIds }) => {
          if (engine !== "valkey") return "not Valkey";
          if (kmsKeyId !== key) return "another key";
          if (!subnetIds.every(isPrivate)) return "in public";
          return (cacheUsageLimits?.dataStorage.maximum ?? 1_000) > 10 && "without limits";
        }),
        ...urls.filter((url) => !url.startsWith("rediss://")),
      ];
    },
    breaks: {
      "another engine": change("cache", "Cache", "engine", "memcached"),
      "AWS's key": change("cache", "Cache", "kmsKeyId", "alias/aws/elasticache"),
      "without limits": change("cache", "Cache", "cacheUsageLimits", undefined),
      "in public": replace("cache", "Cache", "VpcPrivateSubnet1", "VpcPublicSubnet1"),
      "in clear": replace("function", "GenerateReplyFunction", "rediss://", "redis://"),
    },
  },

  "the cache hears those who ask it and nobody else, and nobody hears anybody from outside": {
    check: (graph) => {
      const asker = groupId(graph, "CacheAskers");
      const guard = groupId(graph, "CacheGuard");
      const wrong = all(graph, "securityGroupRule", GroupRule).filter((rule) =>
        rule.type === "ingress"
          ? rule.securityGroupId !== guard ||
            rule.sourceSecurityGroupId !== asker ||
            rule.cidrBlocks.length > 0 ||
            rule.fromPort !== 6379 ||
            rule.toPort !== 6379
          : rule.toPort !== rule.fromPort || ![443, 6379].includes(rule.toPort),
      );
      const others = faults(
        all(graph, "cache", Cache),
        ({ securityGroupIds }) => securityGroupIds.join() !== guard && "has another guard",
      );
      return [...wrong.map(({ name }) => name), ...others];
    },
    breaks: {
      everyone: change("securityGroupRule", "CacheFromAskers", "cidrBlocks", ["0.0.0.0/0"]),
      "any port": change("securityGroupRule", "AskersToAll", "toPort", 65_535),
      "a way in": add("securityGroupRule", "Way", {
        type: "ingress",
        securityGroupId: "CacheAskers-id",
        fromPort: 443,
        toPort: 443,
      }),
      "another guard": change("cache", "Cache", "securityGroupIds", ["VpcSecurityGroup-id"]),
    },
  },

  "in the network are those who ask the cache, in private, and their roles alone can join it": {
    check: (graph) => {
      const joins = statements(graph)
        .filter(({ statement }) => statement.Action.some((action) => action.startsWith("ec2:")))
        .map(({ name }) => name);
      return faults(all(graph, "function", Function), ({ name, environment, vpcConfig }) => {
        const asks = environment.variables["HILO_CACHE_URL"] !== undefined;
        if (asks !== (vpcConfig !== undefined)) return "asks from outside, or is inside for nothing";
        if (asks !== joins.includes(name.replace(/Function$/, "Role")))
          return "can't join, or could for nothing";
        if (!vpcConfig) return undefined;
        if (vpcConfig.subnetIds.length < 2 || !vpcConfig.subnetIds.every(isPrivate)) return "not in private";
        return vpcConfig.securityGroupIds.join() !== groupId(graph, "CacheAskers") && "is no asker";
      });
    },
    breaks: {
      "from outside": change("function", "SummariseContextFunction", "vpcConfig", undefined),
      "for nothing": change("function", "ContextFunction", "vpcConfig", {
        subnetIds: [],
        securityGroupIds: [],
      }),
      "can't join": replace("role", "GenerateReplyRole", "ec2:", "autoscaling:"),
      "in public": replace("function", "GenerateReplyFunction", "VpcPrivateSubnet1", "VpcPublicSubnet1"),
      "could join": replace("role", "ContextRole", "dynamodb:Query", "ec2:CreateNetworkInterface"),
    },
  },

  "DynamoDB is reached from inside without NAT, which is paid by the gigabyte": {
    check: (graph) => {
      if (resources(graph, "cache").length === 0) return [];
      const Endpoint = z.object({
        serviceName: z.string(),
        vpcEndpointType: z.string(),
        routeTableIds: z.array(z.string()).min(2),
      });
      const [endpoint] = all(graph, "vpcEndpoint", Endpoint);
      return endpoint?.vpcEndpointType === "Gateway" && endpoint.serviceName.endsWith(".dynamodb")
        ? []
        : ["no gateway to DynamoDB"];
    },
    breaks: { "no gateway": remove("vpcEndpoint", "DynamoEndpoint") },
  },
};
