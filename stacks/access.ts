/** What a function may touch, in the words of what it does. Each grant brings the names with it that `lambda-config.ts` reads. */
import { viewListIndex, type TableName } from "../packages/core/store/dynamo-schemas.ts";
import type { Data } from "./data.ts";
import { accountId, regionName } from "./names.ts";

type Permission = sst.aws.FunctionPermissionArgs;

export type Grant = {
  environment: Record<string, $util.Input<string>>;
  permissions: Permission[];
};

export const accessTo = (data: Data) => {
  const tablesAtRest = usesKeyFor(data, "dynamodb", ["kms:Decrypt"]);
  const on = (table: TableName, actions: string[], indexes: string[] = []): Grant => ({
    environment: { [`HILO_${table.toUpperCase()}_TABLE`]: data.tables[table].name },
    permissions: [
      {
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [
          data.tables[table].arn,
          ...indexes.map((index) => $interpolate`${data.tables[table].arn}/index/${index}`),
        ],
      },
      tablesAtRest,
    ],
  });
  const persons = (actions: string[]): Grant => ({
    environment: { HILO_KMS_KEY_ID: data.persons.arn },
    permissions: [{ actions: actions.map((action) => `kms:${action}`), resources: [data.persons.arn] }],
  });
  return {
    readsEvents: [on("events", ["GetItem", "Query"]), on("snapshots", ["GetItem"])],
    appendsEvents: [on("events", ["GetItem", "Query", "PutItem"]), on("snapshots", ["GetItem", "PutItem"])],
    /** Finds every conversation there is, as an audit does. */
    walksEvents: [on("events", ["Scan", "DescribeTable"])],
    readsViews: [on("views", ["GetItem", "BatchGetItem", "Query"], [viewListIndex])],
    keepsViews: [on("views", ["GetItem", "BatchGetItem", "Query", "PutItem", "BatchWriteItem"])],
    resolvesIdentities: [
      on("identities", ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"]),
    ],
    /** Takes turns, and opens and closes circuits. */
    keepsLimits: [on("limits", ["GetItem", "UpdateItem", "DeleteItem"])],
    /** Holds what was too fast and opens circuits, without reading either. */
    setsLimits: [on("limits", ["UpdateItem"])],
    placesMessages: [on("identities", ["GetItem", "PutItem"])],
    /** Makes a person's key on first use. */
    sealsData: [on("keys", ["GetItem", "PutItem"]), persons(["Decrypt", "GenerateDataKey"])],
    /** Reads what is to be erased, and destroys its key. Makes none. */
    destroysKeys: [on("keys", ["GetItem", "PutItem"]), persons(["Decrypt"])],
    /** A new one, and one that was kept for somebody who is erased meanwhile. */
    keepsMedia: [mediaGrant(data, ["PutObject", "DeleteObject"], ["kms:Decrypt", "kms:GenerateDataKey"])],
    readsMedia: [mediaGrant(data, ["GetObject"], ["kms:Decrypt"])],
    deletesMedia: [
      mediaGrant(data, ["DeleteObject"]),
      { environment: {}, permissions: [{ actions: ["s3:ListBucket"], resources: [data.media.arn] }] },
    ],
    deletesSnapshots: [on("snapshots", ["GetItem", "PutItem", "DeleteItem"])],
    opensData: [on("keys", ["GetItem"]), persons(["Decrypt"])],
    readsStreamOfEvents: [
      {
        environment: {},
        permissions: [
          {
            actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            resources: [data.tables.events.nodes.table.streamArn],
          },
          // The one action on streams that AWS can't narrow to one.
          { actions: ["dynamodb:ListStreams"], resources: ["*"] },
          tablesAtRest,
        ],
      },
    ],
    publishes: (bus: sst.aws.Bus): Grant[] => [
      {
        environment: { HILO_BUS_NAME: bus.name },
        permissions: [{ actions: ["events:PutEvents"], resources: [bus.arn] }],
      },
    ],
    takesFrom: (queue: sst.aws.Queue): Grant[] => [
      {
        environment: {},
        permissions: [
          {
            actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            resources: [queue.arn],
          },
        ],
      },
    ],
    /** Its own queue, for what must wait. */
    putsBackInto: (queue: sst.aws.Queue): Grant[] => [
      {
        environment: { HILO_QUEUE_URL: queue.url },
        permissions: [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }],
      },
    ],
    /** Tells people, by topic and by mail from this address. */
    notifies: (topic: aws.sns.Topic, from: string): Grant[] => [
      {
        environment: { HILO_NOTIFY_TOPIC_ARN: topic.arn },
        permissions: [
          { actions: ["sns:Publish"], resources: [topic.arn] },
          usesKeyFor(data, "sns", ["kms:Decrypt", "kms:GenerateDataKey"]),
          ...(from === "" ? [] : [mailsFrom(from)]),
        ],
      },
    ],
    sendsTo: (queue: sst.aws.Queue): Grant[] => [
      { environment: {}, permissions: [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }] },
    ],
  };
};

/** SES knows the address, or its whole domain, as an identity of ours. */
const mailsFrom = (from: string): Permission => ({
  actions: ["ses:SendEmail"],
  resources: [from, from.slice(from.indexOf("@") + 1)].map(
    (identity) => $interpolate`arn:aws:ses:${regionName()}:${accountId()}:identity/${identity}`,
  ),
  conditions: [{ test: "StringEquals", variable: "ses:FromAddress", values: [from] }],
});

/** Objects of the bucket of media, and the key that it is encrypted with. */
const mediaGrant = (data: Data, actions: string[], keyActions: string[] = []): Grant => ({
  environment: { HILO_MEDIA_BUCKET: data.media.name },
  permissions: [
    {
      actions: actions.map((action) => `s3:${action}`),
      resources: [$interpolate`${data.media.arn}/*`],
    },
    ...(keyActions.length > 0 ? [usesKeyFor(data, "s3", keyActions)] : []),
  ],
});

/** As Lambda does it in the name of a function, which needs it no more than any other: EC2 can't narrow what it describes. */
export const joinsNetwork: Permission = {
  actions: [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  resources: ["*"],
};

/** The key that encrypts at rest, through one service alone: the services unwrap their own data keys with it, in the name of whoever calls them. */
export const usesKeyFor = (
  { atRest }: Data,
  service: "dynamodb" | "s3" | "sns",
  actions: string[],
): Permission => ({
  actions,
  resources: [atRest.arn],
  conditions: [
    {
      test: "StringEquals",
      variable: "kms:ViaService",
      values: [$interpolate`${service}.${regionName()}.amazonaws.com`],
    },
  ],
});
