/** What people subscribe to who take conversations over: by mail, text message, or a program of theirs. Operators' alarms are another topic. */
import type { Data } from "./data.ts";
import { physicalName } from "./names.ts";
import type { Settings } from "./settings.ts";

export const createNotices = ({ settings, data }: { settings: Settings; data: Data }): aws.sns.Topic => {
  const topic = new aws.sns.Topic("Notices", {
    name: physicalName("notices"),
    kmsMasterKeyId: data.atRest.arn,
  });
  if (settings.HILO_NOTIFY_EMAIL)
    new aws.sns.TopicSubscription("NoticesEmail", {
      topic: topic.arn,
      protocol: "email",
      endpoint: settings.HILO_NOTIFY_EMAIL,
    });
  return topic;
};
