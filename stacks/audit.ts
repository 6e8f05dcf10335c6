/** Who read or changed conversations other than through Hilo. Our own functions are left out: their every request would cost more than the tables. */
import { createBucket, type Data } from "./data.ts";
import { accountId, physicalName, regionName } from "./names.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = { policy: StagePolicy; data: Data };

export const createAudit = ({ policy, data }: Deps): void => {
  if (!policy.auditsData) return;
  const name = physicalName("audit");
  const trail = $interpolate`arn:aws:cloudtrail:${regionName()}:${accountId()}:trail/${name}`;
  const onlyOurs = [{ test: "StringEquals", variable: "aws:SourceArn", values: [trail] }];
  const cloudTrail = [{ type: "service" as const, identifiers: ["cloudtrail.amazonaws.com"] }];
  const bucket = createBucket("Audit", {
    policy,
    key: data.atRest,
    lifecycle: { id: "forget", expiration: { days: 400 } },
    access: [
      { actions: ["s3:GetBucketAcl"], principals: cloudTrail, paths: [""], conditions: onlyOurs },
      { actions: ["s3:PutObject"], principals: cloudTrail, paths: ["AWSLogs/*"], conditions: onlyOurs },
    ],
  });
  new aws.cloudtrail.Trail("AuditTrail", {
    name,
    s3BucketName: bucket.name,
    kmsKeyId: data.atRest.arn,
    enableLogFileValidation: true,
    includeGlobalServiceEvents: false,
    advancedEventSelectors: [
      {
        name: "Tables that hold conversations",
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::DynamoDB::Table"] },
          { field: "resources.ARN", startsWiths: Object.values(data.tables).map(({ arn }) => arn) },
          {
            field: "userIdentity.arn",
            notStartsWiths: [
              $interpolate`arn:aws:sts::${accountId()}:assumed-role/${$app.name}-${$app.stage}-`,
            ],
          },
        ],
      },
    ],
  });
};
