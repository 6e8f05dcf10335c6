import { SQSClient } from "@aws-sdk/client-sqs";
import { sqsAgain } from "#core/clients/sqs-again.ts";

/** Apart from `wiring.ts`, so that it is a chunk of its own. */
export const openAgain = ({
  queueUrl,
  requestHandler,
}: {
  queueUrl: string;
  requestHandler: { connectionTimeout: number; requestTimeout: number };
}) => sqsAgain({ client: new SQSClient({ requestHandler }), queueUrl });
