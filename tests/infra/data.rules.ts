/** That what is kept is encrypted, can be restored, and goes away when it should. */
import * as z from "zod";
import { tableSchemas, type TableSchema } from "#core/store/dynamo-schemas.ts";
import {
  all,
  change,
  faults,
  isTlsOnly,
  Policy,
  remove,
  replace,
  resources,
  type Graph,
  type Kind,
  type Rule,
} from "./graph.ts";

const Table = z.object({
  attributes: z.array(z.object({ name: z.string(), type: z.string() })),
  hashKey: z.string(),
  rangeKey: z.string().optional(),
  globalSecondaryIndexes: z.array(
    z.object({ name: z.string(), hashKey: z.string(), rangeKey: z.string(), projectionType: z.string() }),
  ),
  billingMode: z.string(),
  streamViewType: z.string().optional(),
  ttl: z.object({ enabled: z.boolean(), attributeName: z.string() }).optional(),
  deletionProtectionEnabled: z.boolean().default(false),
  pointInTimeRecovery: z
    .object({ enabled: z.boolean(), recoveryPeriodInDays: z.number().default(35) })
    .optional(),
  serverSideEncryption: z.object({ enabled: z.boolean(), kmsKeyArn: z.string() }).optional(),
});

const tables = (graph: Graph) => all(graph, "table", Table);
const isProduction = ({ app }: Graph): boolean => app.stage === "production";
const isOurKey = (graph: Graph, arn: string | undefined): boolean =>
  resources(graph, "key").some(({ outputs }) => outputs["arn"] === arn);

const tableName = (schema: string): string => `${schema.charAt(0).toUpperCase()}${schema.slice(1)}Table`;
const attributeTypes = { string: "S", number: "N", binary: "B" } as const;

const configured = <Shape extends z.ZodType>(
  graph: Graph,
  bucket: string,
  kind: Kind,
  shape: Shape,
): z.infer<Shape> | undefined => {
  const found = resources(graph, kind).find(({ inputs }) => inputs["bucket"] === bucket);
  return found && shape.parse(found.inputs);
};

const Bucket = z.object({ bucket: z.string(), forceDestroy: z.boolean().optional() });
const Encryption = z.object({
  rules: z.array(
    z.object({
      applyServerSideEncryptionByDefault: z.object({ sseAlgorithm: z.string(), kmsMasterKeyId: z.string() }),
      bucketKeyEnabled: z.boolean(),
    }),
  ),
});
const Lifecycle = z.object({
  rules: z.array(
    z.object({
      transitions: z.array(z.object({ storageClass: z.string() })).default([]),
      expiration: z.object({ days: z.number() }).optional(),
    }),
  ),
});
const PublicAccess = z.object({
  blockPublicAcls: z.literal(true),
  blockPublicPolicy: z.literal(true),
  ignorePublicAcls: z.literal(true),
  restrictPublicBuckets: z.literal(true),
});

export const dataRules: Record<string, Rule> = {
  "the tables are those of dynamo-schemas.ts": {
    check: (graph) =>
      faults(
        Object.entries(tableSchemas).map(([name, schema]: [string, TableSchema]) => ({ name, schema })),
        ({ name, schema }) => {
          const table = tables(graph).find((each) => each.name === tableName(name));
          if (!table) return "is not there";
          const fields = Object.entries(schema.fields).map(
            ([field, type]) => `${field} ${attributeTypes[type]}`,
          );
          if (table.attributes.map((each) => `${each.name} ${each.type}`).join() !== fields.join())
            return "other fields";
          if (table.hashKey !== schema.primaryIndex.hashKey) return "another key";
          if (table.rangeKey !== schema.primaryIndex.rangeKey) return "another sort key";
          const indexes = Object.entries(schema.globalIndexes ?? {}).map(
            ([index, { hashKey, rangeKey }]) => `${index} ${hashKey} ${rangeKey} KEYS_ONLY`,
          );
          const made = table.globalSecondaryIndexes.map(
            (each) => `${each.name} ${each.hashKey} ${each.rangeKey} ${each.projectionType}`,
          );
          if (made.join() !== indexes.join()) return "other indexes";
          if (table.streamViewType !== (schema.stream && "NEW_IMAGE")) return "another stream";
          const forgets = table.ttl?.enabled ? table.ttl.attributeName : undefined;
          return forgets !== schema.ttl && "forgets otherwise";
        },
      ),
    breaks: {
      "no table": remove("table", "SnapshotsTable"),
      "another key": change("table", "EventsTable", "hashKey", "id"),
      "another sort key": change("table", "EventsTable", "rangeKey", undefined),
      "no index": change("table", "ViewsTable", "globalSecondaryIndexes", []),
      "no stream": change("table", "EventsTable", "streamViewType", undefined),
      "a field's type": replace("table", "EventsTable", '"N"', '"S"'),
      "limits that are never forgotten": change("table", "LimitsTable", "ttl.enabled", false),
      "events that are": change("table", "EventsTable", "ttl", { enabled: true, attributeName: "at" }),
    },
  },

  "tables are paid by request and encrypted with our key": {
    check: (graph) =>
      faults(tables(graph), ({ billingMode, serverSideEncryption }) => {
        if (billingMode !== "PAY_PER_REQUEST") return "provisioned";
        return (
          !(serverSideEncryption?.enabled && isOurKey(graph, serverSideEncryption.kmsKeyArn)) && "not our key"
        );
      }),
    breaks: {
      "AWS's key": change("table", "ViewsTable", "serverSideEncryption", undefined),
      provisioned: change("table", "ViewsTable", "billingMode", "PROVISIONED"),
    },
  },

  "tables can be restored to any moment, but keys of erased persons for a day only": {
    check: (graph) =>
      faults(tables(graph), ({ name, pointInTimeRecovery: recovery }) => {
        if (!recovery?.enabled) return "can't be restored";
        if (name === "KeysTable")
          return recovery.recoveryPeriodInDays > 1 && "keys come back for longer than a day";
        return isProduction(graph) && recovery.recoveryPeriodInDays < 35 && "can't be restored for long";
      }),
    breaks: {
      "no recovery": change("table", "EventsTable", "pointInTimeRecovery.enabled", false),
      "keys come back": change("table", "KeysTable", "pointInTimeRecovery.recoveryPeriodInDays", 35),
    },
  },

  "production's data can't be deleted by a slip": {
    check: (graph) => {
      if (!isProduction(graph)) return [];
      const kept = [...resources(graph, "table"), ...resources(graph, "bucket"), ...resources(graph, "key")];
      return [
        ...faults(
          tables(graph),
          ({ deletionProtectionEnabled }) => !deletionProtectionEnabled && "can be deleted",
        ),
        ...faults(
          all(graph, "bucket", Bucket),
          ({ forceDestroy }) => forceDestroy !== false && "is emptied and deleted",
        ),
        ...faults(kept, ({ retainOnDelete }) => !retainOnDelete && "is removed with the stage"),
        ...(graph.app.protect && graph.app.removal === "retain-all" ? [] : ["the stage can be removed"]),
      ];
    },
    breaks: {
      "a table": change("table", "EventsTable", "deletionProtectionEnabled", undefined),
      "a bucket": change("bucket", "MediaBucket", "forceDestroy", true),
      "with the stage": (graph) => graph.resources.forEach((resource) => (resource.retainOnDelete = false)),
      "the stage": (graph) => void (graph.app.protect = false),
    },
  },

  "keys are changed every year": {
    check: (graph) =>
      faults(
        all(graph, "key", z.object({ enableKeyRotation: z.boolean().default(false) })),
        ({ enableKeyRotation }) => !enableKeyRotation && "is not",
      ),
    breaks: { "a key": change("key", "PersonsKey", "enableKeyRotation", undefined) },
  },

  "the key of persons is no service's": {
    check: (graph) =>
      faults(
        all(graph, "key", z.object({ policy: Policy })).filter(({ name }) => name === "PersonsKey"),
        ({ policy: { Statement } }) => Statement.length !== 1 && "others may use it too",
      ),
    breaks: {
      "one more": replace(
        "key",
        "PersonsKey",
        '"Statement":[',
        '"Statement":[{"Effect":"Allow","Action":"kms:Decrypt"},',
      ),
    },
  },

  "services use our key for what is ours only": {
    check: (graph) =>
      faults(all(graph, "key", z.object({ policy: Policy })), ({ policy: { Statement } }) => {
        const services = Statement.filter(
          ({ Principal }) => typeof Principal === "object" && "Service" in Principal,
        );
        return services.some(({ Condition }) => !Condition) && "a service may use it for anyone";
      }),
    breaks: { "no condition": replace("key", "AtRestKey", '"Condition"', '"Comment"') },
  },

  "buckets are private, reached over TLS only, and encrypted with our key": {
    check: (graph) =>
      faults(all(graph, "bucket", Bucket), ({ bucket }) => {
        const policy = configured(graph, bucket, "bucketPolicy", z.object({ policy: Policy }));
        if (!policy?.policy.Statement.some(isTlsOnly)) return "not over TLS only";
        if (policy.policy.Statement.some(({ Effect, Principal }) => Effect === "Allow" && Principal === "*"))
          return "open to all";
        const access = resources(graph, "publicAccess").find(({ inputs }) => inputs["bucket"] === bucket);
        if (!PublicAccess.safeParse(access?.inputs).success) return "may be made public";
        const encryption = configured(graph, bucket, "bucketEncryption", Encryption)?.rules[0];
        const byDefault = encryption?.applyServerSideEncryptionByDefault;
        if (byDefault?.sseAlgorithm !== "aws:kms" || !isOurKey(graph, byDefault.kmsMasterKeyId))
          return "not our key";
        return !encryption?.bucketKeyEnabled && "a request to KMS for each object";
      }),
    breaks: {
      "plain HTTP": replace("bucketPolicy", "MediaPolicy", "aws:SecureTransport", "aws:SecureTransit"),
      "no policy": remove("bucketPolicy", "ArchivePolicy"),
      "open to all": replace(
        "bucketPolicy",
        "MediaPolicy",
        '"Statement":[',
        '"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"},',
      ),
      "may be public": change("publicAccess", "MediaPublicAccessBlock", "blockPublicPolicy", false),
      "AWS's key": remove("bucketEncryption", "MediaEncryption"),
      "no bucket key": replace(
        "bucketEncryption",
        "ArchiveEncryption",
        '"bucketKeyEnabled":true',
        '"bucketKeyEnabled":false',
      ),
    },
  },

  "what lies long in a bucket gets cheaper, or goes": {
    check: (graph) =>
      faults(all(graph, "bucket", Bucket), ({ name, bucket }) => {
        const rules = configured(graph, bucket, "bucketLifecycle", Lifecycle)?.rules ?? [];
        const classes = rules.flatMap(({ transitions }) =>
          transitions.map(({ storageClass }) => storageClass),
        );
        if (name === "MediaBucket") return !classes.includes("INTELLIGENT_TIERING") && "is not tiered";
        return (
          classes.length === 0 && !rules.some(({ expiration }) => expiration) && "stays as it is for ever"
        );
      }),
    breaks: {
      "no tiers": replace("bucketLifecycle", "MediaLifecycle", "INTELLIGENT_TIERING", "GLACIER"),
      "for ever": remove("bucketLifecycle", "ArchiveLifecycle"),
    },
  },
};
