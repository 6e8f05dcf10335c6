import { expect, it, vi } from "vitest";
import { projectTranscript } from "#functions/projections/transcript.ts";
import { sqsRecord } from "../testing/sqs-record.ts";
import { message, webhook } from "../testing/webhooks.ts";
import { world } from "../testing/world.ts";

const record = (body: object, id: string) => sqsRecord(id, JSON.stringify(body));

it("of one conversation's events in a batch, one brings all of them, and the others ask for nothing", async () => {
  const { deps, post, streams } = world();
  for (const id of ["1", "2", "3"])
    await post(webhook(message({ phone: "34600000001" }, `wamid.${id}`, deps.clock().getTime())));
  const [stream = ""] = await streams();
  const { commits } = await deps.store.log.scan({ segment: 0, segments: 1 });
  const events = commits.flatMap(deps.store.codec.publish);
  const [written, asked] = [vi.spyOn(deps.views, "write"), vi.spyOn(deps.views, "version")];
  const handler = projectTranscript(deps);
  const Records = events.map((event) => record(event, event.detail.id));
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect(await deps.views.version("transcript@1", stream)).toBe(events.length);
  expect(written).toHaveBeenCalledTimes(1);
  expect(asked).toHaveBeenCalledTimes(2);
});

it("one that fails does not fail the next", async () => {
  const { deps, post } = world();
  await post(webhook(message({ phone: "34600000001" }, "wamid.1", deps.clock().getTime())));
  const { commits } = await deps.store.log.scan({ segment: 0, segments: 1 });
  const events = commits.flatMap(deps.store.codec.publish);
  vi.spyOn(deps.views, "write").mockRejectedValueOnce(new Error("throttled"));
  const Records = events.map((event) => record(event, event.detail.id));
  const failed = await projectTranscript(deps)({ Records });
  expect(failed).toEqual({ batchItemFailures: [{ itemIdentifier: events[0]?.detail.id }] });
});
