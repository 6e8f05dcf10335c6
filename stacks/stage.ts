/** What differs between stages: `production`, `staging`, and everyone's personal one under any other name. */
export type StagePolicy = {
  kind: "personal" | "staging" | "production";
  /** What `sst remove` leaves: nothing, what holds data, or everything. */
  removal: "remove" | "retain" | "retain-all";
  /** Whether `sst remove` refuses. */
  protect: boolean;
  /** Whether tables refuse to be deleted and buckets with something in them too. */
  keepsData: boolean;
  /** How far back the tables can be restored. */
  recoveryDays: number;
  /** The same for the table of keys. An erased person's key comes back with a restore until then, so: as short as can be. */
  keyRecoveryDays: number;
  logDays: (typeof logRetentions)[number];
  /** From which level Lambda's own lines (START, REPORT, …) are kept. */
  systemLogLevel: "INFO" | "WARN";
  /** The part of requests that is traced, 0 to 1. */
  traceSampling: number;
  /** How long the bus's archive can replay. */
  replayDays: number;
  /** Multiplies the concurrency of the subscriptions. */
  scale: number;
  /** Requests per second that the webhook, queries and commands take, each. */
  webhookRate: number;
  queryRate: number;
  commandRate: number;
  /** Records data access to CloudTrail by anyone but our own functions. */
  auditsData: boolean;
  budgetUsd: number;
};

/** What CloudWatch allows and we use. */
const logRetentions = [7, 30, 90] as const;

export const stagePolicy = (stage: string): StagePolicy => {
  if (stage === "production")
    return {
      kind: "production",
      removal: "retain-all",
      protect: true,
      keepsData: true,
      recoveryDays: 35,
      keyRecoveryDays: 1,
      logDays: 90,
      systemLogLevel: "WARN",
      traceSampling: 0.05,
      replayDays: 30,
      scale: 5,
      webhookRate: 1_000,
      queryRate: 100,
      commandRate: 20,
      auditsData: true,
      budgetUsd: 3_000,
    };
  if (stage === "staging")
    return {
      kind: "staging",
      removal: "retain",
      protect: false,
      keepsData: true,
      recoveryDays: 7,
      keyRecoveryDays: 1,
      logDays: 30,
      systemLogLevel: "INFO",
      traceSampling: 0.2,
      replayDays: 7,
      scale: 1,
      webhookRate: 200,
      queryRate: 50,
      commandRate: 10,
      auditsData: true,
      budgetUsd: 300,
    };
  return {
    kind: "personal",
    removal: "remove",
    protect: false,
    keepsData: false,
    recoveryDays: 1,
    keyRecoveryDays: 1,
    logDays: 7,
    systemLogLevel: "INFO",
    traceSampling: 1,
    replayDays: 1,
    scale: 1,
    webhookRate: 50,
    queryRate: 20,
    commandRate: 10,
    auditsData: false,
    budgetUsd: 50,
  };
};
