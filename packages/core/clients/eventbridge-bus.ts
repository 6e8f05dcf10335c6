import {
  PutEventsCommand,
  type EventBridgeClient,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import type { BusEvent } from "../events/bus.ts";
import type { EventBus } from "./event-bus.ts";

/** Of one request, and of one entry (API reference of PutEvents; "Calculating PutEvents event entry size"). */
const entriesMax = 10;
const requestBytesMax = 1_000_000;
export const entryBytesMax = 256 * 1024;
const timeBytes = 14;

/** A field of an event's data that is larger than this is left out where the event is too large for the bus. */
const fieldBytesMax = 1_024;

/**
 * The bus on EventBridge. A request that fails for now (throttled, 5xx, cut off) refuses its entries, as the
 * service does with single ones; any other error is thrown. An event that is too large goes without its large
 * fields: whoever hears of it finds it whole in the store.
 */
export const eventBridgeBus = ({
  client,
  busName,
}: {
  client: EventBridgeClient;
  busName: string;
}): EventBus => ({
  async publish(events) {
    const entries = events.map((event, index) => ({ index, entry: entryOf(event, busName) }));
    const refused = await Promise.all(
      requests(entries).map(async (request) => {
        const answer = await send(
          client,
          request.map(({ entry }) => entry),
        );
        return request.filter((_, place) => !answer[place]).map(({ index }) => index);
      }),
    );
    return refused.flat();
  },
});

/** Whether each entry was accepted. */
const send = async (client: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<boolean[]> => {
  try {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
    return Entries.map(({ EventId }) => EventId !== undefined);
  } catch (error) {
    if (!isForNow(error)) throw error;
    return [];
  }
};

/** The SDK marks what it would have tried again itself; connections that broke carry a code. */
const isForNow = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { $retryable, $metadata, code } = error as Error & {
    $retryable?: unknown;
    $metadata?: { httpStatusCode?: number };
    code?: string;
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    $retryable !== undefined ||
    status === 429 ||
    status >= 500 ||
    /Throttl|TooManyRequests|Timeout/.test(error.name) ||
    /^E[A-Z]+$/.test(code ?? "")
  );
};

const entryOf = (event: BusEvent, busName: string): PutEventsRequestEntry => {
  const entry = (detail: BusEvent["detail"]) => ({
    EventBusName: busName,
    Source: event.source,
    DetailType: event["detail-type"],
    Time: new Date(event.time),
    Detail: JSON.stringify(detail),
  });
  const whole = entry(event.detail);
  return sizeOf(whole) <= entryBytesMax ? whole : entry({ ...event.detail, data: small(event.detail.data) });
};

const small = (data: BusEvent["detail"]["data"]): BusEvent["detail"]["data"] =>
  Object.fromEntries(
    Object.entries(data).filter(([, value]) => Buffer.byteLength(JSON.stringify(value)) <= fieldBytesMax),
  );

const sizeOf = ({ Source = "", DetailType = "", Detail = "" }: PutEventsRequestEntry): number =>
  timeBytes + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

/** As many entries to a request as it takes. */
const requests = <Sized extends { entry: PutEventsRequestEntry }>(entries: readonly Sized[]): Sized[][] => {
  const all: Sized[][] = [];
  let bytes = 0;
  for (const one of entries) {
    const size = sizeOf(one.entry);
    const last = all.at(-1);
    if (last && last.length < entriesMax && bytes + size < requestBytesMax) {
      last.push(one);
      bytes += size;
    } else {
      all.push([one]);
      bytes = size;
    }
  }
  return all;
};
