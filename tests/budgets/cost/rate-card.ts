/** What things cost, in US dollars, on demand in us-east-1, without a free tier. Raise `asOf` with any change. */
export const rateCard = {
  asOf: "2026-11-10",
  region: "us-east-1",
  /** Per million requests: CloudFront (HTTPS), WAF, API Gateway REST; as of each service's pricing page. */
  edge: { cloudFront: 1.0, waf: 0.6, apiGateway: 3.5 },
  /** Lambda on arm64: per million invocations, and per GB-second. */
  lambda: { invocations: 0.2, gbSecond: 0.000_013_333_4 },
  /** Per million units on demand, and per GB-month; PITR comes on top of storage. */
  dynamo: { write: 0.625, read: 0.125, storage: 0.25, recovery: 0.2 },
  /** Per million custom events of up to 64 KB. */
  eventBridge: { events: 1.0 },
  /** Per million requests of up to 64 KB. */
  sqs: 0.4,
  /** Per million requests. */
  kms: 3.0,
  /** CloudWatch Logs, per GB taken in. */
  logs: 0.5,
} as const;

/** The client's own estimate for one message. */
export const clientTable = {
  lambda: 0.0001,
  dynamo: 0.000_01,
  sqs: 0.000_000_4,
  model: [0.01, 0.05],
} as const;

/**
 * How long things take where only AWS could tell: assumed, in milliseconds, and said so on the page. DynamoDB and
 * KMS are single digits in their documentation; a small model's 150 tokens take 700, a call to WhatsApp 300.
 */
export const assumed = {
  dynamoCallMs: 5,
  kmsCallMs: 10,
  publishMs: 25,
  /** What our own code takes on one invocation. */
  ownMs: 15,
  quietMs: 700,
  modelMs: 700,
  graphMs: 300,
  /** As in `stacks/`: the webhook and generate-reply have twice what the others have. */
  memoryGb: 0.25,
  largeMemoryGb: 0.5,
  /** How long events stay before somebody moves them to cheaper storage. */
  storedMonths: 12,
} as const;
