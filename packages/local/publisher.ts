/** The DynamoDB stream at home: hands the log's feed to `publish-events` and remembers how far it came. */
import type { DynamoDBRecord } from "aws-lambda";
import { commitImage } from "#core/store/commit-item.ts";
import type { Commit, CommitLog } from "#core/store/commit-log.ts";
import type { Queues } from "#core/store/queues.ts";
import type { StreamHandler } from "#functions/commands/publish-events.ts";
import { loop, type Loop } from "./loop.ts";

export type PublisherDeps = {
  log: CommitLog;
  queues: Queues;
  handler: StreamHandler;
  /** Called with each stream that has something new, after it is published. */
  published: (stream: string) => void;
  failed: (error: unknown) => void;
};

const commitsPerBatch = 100;

/** Looks for new commits when told, and every 250 ms for what other processes append. */
export const publisher = ({ log, queues, handler, published, failed }: PublisherDeps): Loop =>
  loop(
    250,
    async () => {
      const { commits, checkpoint } = await log.feed(await queues.checkpoint("published"), commitsPerBatch);
      if (commits.length === 0) return false;
      const { batchItemFailures } = await handler({ Records: commits.map(streamRecord) });
      if (batchItemFailures.length > 0)
        throw new Error(`${batchItemFailures.length} commits were not published`);
      await queues.send([], { name: "published", value: checkpoint });
      for (const stream of new Set(commits.map((commit) => commit.stream))) published(stream);
      return true;
    },
    failed,
  );

const streamRecord = (commit: Commit): DynamoDBRecord => ({
  eventID: commit.commitId,
  eventName: "INSERT",
  eventSource: "aws:dynamodb",
  dynamodb: { SequenceNumber: commit.commitId, NewImage: commitImage(commit), StreamViewType: "NEW_IMAGE" },
});
