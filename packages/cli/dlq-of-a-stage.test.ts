import { expect, it, onTestFinished } from "vitest";
import { subscriptions } from "#core/subscriptions.ts";
import { deadLettersName, queueName } from "#core/store/sqs-names.ts";
import { startFakeSqs } from "#core/testing/fake-sqs.ts";
import { linesOf, runHilo } from "./testing/hilo-on-disk.ts";

/** A stage in an account of AWS's, and `hilo` with that account in its environment. */
const open = async () => {
  const names = subscriptions.map(({ name }) => name);
  const fake = await startFakeSqs(
    ...names.flatMap((name) => [queueName("ana", name), deadLettersName("ana", name)]),
  );
  onTestFinished(fake.stop);
  const env = {
    AWS_ENDPOINT_URL: fake.endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  return { ...fake, hilo: (...args: string[]) => runHilo(env, ...args) };
};

it("dead letters of a stage are listed and put back", async () => {
  const { put, held, hilo } = await open();
  put(deadLettersName("ana", "transcript"), "no event");
  const listed = await hilo("dlq", "list", "--stage", "ana", "--json");
  expect(listed).toMatchObject({ code: 0, stderr: "" });
  const letters = linesOf(listed);
  expect(letters).toMatchObject([{ queue: "transcript", reason: "failed too often" }]);
  const id = String(letters[0]?.["id"]);
  expect(await hilo("dlq", "redrive", "transcript", "--stage", "ana", "--id", id)).toMatchObject({
    code: 0,
    stdout: "Put 1 back into transcript.\n",
  });
  expect(held(queueName("ana", "transcript"))).toHaveLength(1);
  expect(await hilo("dlq", "redrive", "transcript", "--stage", "ana", "--id", id)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^hilo: 1 of the ids are no dead letters of transcript/) as string,
  });
});

it("a stage that is not there is said to be not there", async () => {
  const { hilo } = await open();
  expect(await hilo("dlq", "list", "send-message", "--stage", "bob")).toEqual({
    code: 1,
    stdout: "",
    stderr: "hilo: AWS: there is no stage bob with this queue, in this account and region\n",
  });
});
