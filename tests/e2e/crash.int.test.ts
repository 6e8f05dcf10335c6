import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { EventOf } from "#core/events/conversation.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { conversations } from "#core/store/conversations.ts";
import { itemsAt, openItem } from "#core/store/project.ts";
import { views } from "#core/views/all.ts";
import { openStores, type Stores } from "#local/stores.ts";
import { startHiloProcess } from "../support/hilo-process.ts";
import { post, textWebhook, type Said } from "./webhooks.ts";

const dataDir = mkdtempSync(join(tmpdir(), "hilo-crash-"));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const contacts = 250;
const sentAt = Date.now();
const messages: Said[] = Array.from({ length: 1_000 }, (_, index) => ({
  phone: `3460000${String(index % contacts).padStart(4, "0")}`,
  wamid: `wamid.crash${index}`,
  sentAt,
  text: index % 2 ? "¿A qué hora abrís el domingo?" : "When do you open on Sunday?",
}));

it(
  "kill -9 in the middle of 1,000 messages loses none, and answers each once",
  { timeout: 300_000 },
  async () => {
    const first = await startHiloProcess(dataDir, { HILO_QUIET_MS: "100" });
    const unacknowledged: Said[] = [];
    const deliver = async (url: string, part: readonly Said[]) => {
      for (const said of part) if ((await post(url, textWebhook(said))) !== 200) unacknowledged.push(said);
    };
    const delivering = Promise.all(
      [0, 1, 2, 3].map((lane) =>
        deliver(
          first.url,
          messages.filter((_, index) => index % 4 === lane),
        ),
      ),
    );
    await sleep(1_500);
    await first.kill("SIGKILL");
    await delivering;
    expect(unacknowledged.length, "the kill came in the middle").toBeGreaterThan(0);
    expect(unacknowledged.length, "the kill came in the middle").toBeLessThan(messages.length);

    // Meta comes again with what was not acknowledged, and, since it is Meta, with some that was
    const second = await startHiloProcess(dataDir, { HILO_QUIET_MS: "100" });
    const again = [...unacknowledged, ...messages.slice(0, 100)];
    unacknowledged.length = 0;
    await deliver(second.url, again);
    expect(unacknowledged).toEqual([]);
    const stores = openStores(dataDir);
    await quiet(stores);
    await second.kill("SIGTERM");

    const streams = await allEvents(stores);
    const events = [...streams.values()].flat();
    expect(events.filter(({ type }) => type === "MessageReceived")).toHaveLength(1_000);
    for (const stream of streams.values()) expectAnsweredOnce(stream);
    for (const stream of streams.keys()) await expectViewsEqualTheFold(stores, stream);
    stores.close();
  },
);

/** Until every queue is empty and the feed is published. */
const quiet = async ({ queues, store }: Stores): Promise<void> => {
  for (;;) {
    const waiting = Object.values(await queues.depths()).reduce(
      (sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed,
      0,
    );
    const { commits } = await store.log.feed(await queues.checkpoint("published"), 1);
    if (waiting === 0 && commits.length === 0) return;
    await sleep(200);
  }
};

const allEvents = async ({ store }: Stores): Promise<Map<string, RecordedEvent[]>> => {
  const streams = new Map<string, RecordedEvent[]>();
  for await (const { stream, whole } of conversations(store.log)) {
    expect(whole, `${stream} has every version`).toBe(true);
    const events: RecordedEvent[] = [];
    for await (const page of store.read(stream)) events.push(...page);
    streams.set(stream, events);
  }
  return streams;
};

/** Each message is in exactly one reply, and each reply was sent exactly once. */
const expectAnsweredOnce = (events: readonly RecordedEvent[]): void => {
  const of = <Type extends "MessageReceived" | "ReplyGenerated" | "MessageSent">(type: Type) =>
    events.filter((event): event is RecordedEvent & EventOf<Type> => event.type === type);
  const answered = of("ReplyGenerated").flatMap(({ data }) => data.answers);
  expect(answered.toSorted((a, b) => a - b)).toEqual(of("MessageReceived").map(({ version }) => version));
  expect(
    of("MessageSent")
      .map(({ data }) => data.sendId)
      .toSorted(),
  ).toEqual(
    of("ReplyGenerated")
      .map(({ data }) => data.sendId)
      .toSorted(),
  );
};

const expectViewsEqualTheFold = async (stores: Stores, stream: string): Promise<void> => {
  const head = await stores.store.log.head(stream);
  for (const view of views) {
    const stored = await stores.views.items(await stores.views.current(view.name), stream, "all");
    const opened = await Promise.all(
      stored.map(async (item) => [item.key, await openItem(stores, view, stream, item)] as const),
    );
    expect(new Map(opened)).toEqual(await itemsAt(stores.store, view, stream, head));
  }
};
