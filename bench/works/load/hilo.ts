import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { commitsPerSnapshot, handle, load } from "../../../packages/core/store/handle.ts";
import { knows } from "../../../packages/core/domain/seen.ts";
import type { Contender } from "../../harness/contender.ts";
import { mustBe } from "../../shared/clients.ts";
import { hiloClient, newLog, writeCommits } from "../../shared/dynamo.ts";
import { commitOf, handleDeps, hiloStore } from "../../shared/hilo-store.ts";
import { decidedAt, eventsOf, eventsPerDecision, messageIdOf, streamOf } from "../../shared/history.ts";
import { messageOf } from "../contention/message.ts";
import { loads, sampleOf, sizes } from "./work.ts";

const table = "load-hilo";

/** A load finds as many commits after its snapshot as there are in the mean. */
const tail = commitsPerSnapshot / 2;

/** Most comes by bulk; what leaves a snapshot, and the last five events, are handled, as they would be. */
export const contender: Contender = {
  async prepare({ endpoint, preparedDir, scaled }) {
    const client = hiloClient(endpoint);
    const masterKey = Buffer.alloc(32, 1);
    const store = hiloStore(await newLog(client, table), {
      peopleFile: join(preparedDir, "people.db"),
      masterKey,
    });
    for (const [conversation, size] of sizes.entries()) {
      const decisions = sized(size, scaled) / eventsPerDecision - 1;
      const deps = { ...handleDeps(store), clock: () => new Date(decidedAt(decisions)) };
      const bulk = (from: number, to: number) =>
        writeCommits(
          client,
          table,
          Array.from({ length: to - from }, (_, place) => () => commitOf(store, conversation, from + place)),
        );
      const afterSnapshot = Math.max(0, decisions - tail);
      if (afterSnapshot > commitsPerSnapshot) {
        await bulk(0, afterSnapshot - 1);
        await handle(deps, streamOf(conversation), () => eventsOf(conversation, afterSnapshot - 1));
      }
      await bulk(afterSnapshot, decisions);
      for (let step = 0; step < eventsPerDecision; step++)
        await handle(deps, streamOf(conversation), () => [messageOf(conversation, step)]);
    }
    await writeFile(join(preparedDir, "ready"), "");
    client.destroy();
  },

  async open({ endpoint, preparedDir, scaled }) {
    await readFile(join(preparedDir, "ready"));
    const client = hiloClient(endpoint);
    const requests = countRequests(client);
    const store = hiloStore(await newLog(client, table), {
      peopleFile: join(preparedDir, "people.db"),
      masterKey: Buffer.alloc(32, 1),
    });
    const loaded = scaled(loads);
    return {
      async warmUp() {
        for (let time = 0; time < 100; time++)
          for (const conversation of sizes.keys()) await load(store, streamOf(conversation));
      },
      async run(time) {
        for (const [conversation, size] of sizes.entries()) {
          const before = requests();
          await time(
            sampleOf(size),
            loaded,
            async (lap) => {
              for (let once = 0; once < loaded; once++) {
                const startedAt = performance.now();
                await load(store, streamOf(conversation));
                lap(performance.now() - startedAt);
              }
            },
            () => ({ "requests a load": (requests() - before) / loaded }),
          );
        }
      },
      async verify() {
        for (const [conversation, size] of sizes.entries()) {
          const { state } = await load(store, streamOf(conversation));
          const events = sized(size, scaled);
          mustBe("version", state.version, events);
          mustBe(
            "the newest message is known",
            knows(state.seen, `message-${conversation}-${eventsPerDecision - 1}`),
            true,
          );
          const newestTurn = Math.floor((events / eventsPerDecision - 1) / 2);
          if (events > 10)
            mustBe("an older one is, too", knows(state.seen, messageIdOf(conversation, newestTurn)), true);
        }
        client.destroy();
      },
    };
  },
};

const sized = (size: number, scaled: (count: number) => number): number =>
  size > 1_000 ? scaled(size) : size;

const countRequests = (client: DynamoDBClient): (() => number) => {
  let count = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      count++;
      return next(args);
    },
    { step: "finalizeRequest", name: "countRequests" },
  );
  return () => count;
};
