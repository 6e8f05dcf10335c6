/** What the deployer makes of each type of resource: something on the emulator, or nothing, for a reason. */
import { api } from "./api.ts";
import { functions } from "./functions.ts";
import { messaging } from "./messaging.ts";
import type { Create } from "./resource.ts";
import { storage } from "./storage.ts";

export const creators: Record<string, Create> = { ...storage, ...messaging, ...functions, ...api };

const watches = "it watches, and nothing that a message does depends on it";

export const skipped: Record<string, string> = {
  "aws:cloudfront/distribution:Distribution":
    "edge.ts stands in: the emulator's refuses an API as its origin",
  "aws:wafv2/webAcl:WebAcl": "the emulator keeps its rules and lets everything pass",
  "aws:apigateway/account:Account": "the account's own setting for API Gateway's logs",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "nothing lives for days here",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream":
    "the emulator's EventBridge delivers to none: the rule of the archive finds nobody there",
  "aws:glue/catalogDatabase:CatalogDatabase":
    "it describes the archive for Athena, which the emulator has not",
  "aws:glue/catalogTable:CatalogTable": "it describes the archive for Athena, which the emulator has not",
  "aws:cloudwatch/metricAlarm:MetricAlarm": watches,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": watches,
  "aws:cloudwatch/dashboard:Dashboard": watches,
  "aws:budgets/budget:Budget": watches,
  "random:index/randomBytes:RandomBytes":
    "the evaluation made them: they are the key of the links in each bundle",
};
