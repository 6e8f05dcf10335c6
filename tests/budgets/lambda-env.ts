const link = (value: string): string => JSON.stringify({ value });

/** What `stacks/` gives a Lambda, with invented names. */
export const lambdaEnv: NodeJS.ProcessEnv = {
  AWS_REGION: "eu-west-1",
  HILO_STAGE: "test",
  HILO_EVENTS_TABLE: "events",
  HILO_SNAPSHOTS_TABLE: "snapshots",
  HILO_VIEWS_TABLE: "views",
  HILO_IDENTITIES_TABLE: "identities",
  HILO_KEYS_TABLE: "keys",
  HILO_KMS_KEY_ID: "key-1",
  HILO_LIMITS_TABLE: "limits",
  HILO_BUS_NAME: "hilo",
  HILO_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/000000000000/hilo-test-send-message",
  HILO_GRAPH_VERSION: "v26.0",
  HILO_PHONE_NUMBER_IDS: "100000000000001",
  HILO_QUIET_MS: "700",
  HILO_NUMBER_PER_SECOND: "80",
  HILO_HAND_BACK_MINUTES: "480",
  SST_RESOURCE_App: JSON.stringify({ name: "hilo", stage: "test" }),
  SST_RESOURCE_AppSecret: link("test-app-secret"),
  SST_RESOURCE_VerifyToken: link("test-verify-token"),
  SST_RESOURCE_GraphToken: link("test-graph-token"),
  SST_RESOURCE_ApiKeys: link("test-api-key-1,test-api-key-2:read+write"),
  SST_RESOURCE_PseudonymSecret: link("a secret of thirty-two characters"),
};
