/** What a stage may cost in a month. Whoever is told of alarms is told at four fifths, and when it looks like more than all. */
import type { Alerts } from "./operations.ts";
import { physicalName } from "./names.ts";
import type { StagePolicy } from "./stage.ts";

type Deps = { policy: StagePolicy; alerts: Alerts };

export const createBudget = ({ policy, alerts }: Deps): void => {
  new aws.budgets.Budget("Budget", {
    name: physicalName("monthly"),
    budgetType: "COST",
    limitAmount: String(policy.budgetUsd),
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    // SST tags all that it makes; `sst:stage` must be activated once as a cost allocation tag (docs/deploy.md).
    costFilters: [{ name: "TagKeyValue", values: [`user:sst:stage$${$app.stage}`] }],
    notifications: [notification("ACTUAL", 80, alerts.topic), notification("FORECASTED", 100, alerts.topic)],
  });
};

const notification = (notificationType: string, threshold: number, topic: aws.sns.Topic) => ({
  comparisonOperator: "GREATER_THAN",
  notificationType,
  threshold,
  thresholdType: "PERCENTAGE",
  subscriberSnsTopicArns: [topic.arn],
});
