import type { Contender, Round } from "../../harness/contender.ts";
import {
  decidedAt,
  eventsPerDecision,
  historyOf,
  nameOf,
  sendIdOf,
  messageIdOf,
} from "../../shared/history.ts";
import { mustBe } from "../../shared/clients.ts";
import { sampleOf, sizes } from "./work.ts";
import type { ConversationRecord } from "../../../packages/core/views/view.ts";
import { streamOf } from "../../shared/history.ts";

/** What every contender's state has in common with Hilo's. */
type State = {
  contact: { name?: string | undefined } | Record<string, unknown>;
  seen: Readonly<Record<string, unknown>>;
  sends: Record<string, { phase?: unknown; delivery?: unknown }>;
  unanswered: readonly unknown[];
};

/** Smaller folds are repeated, so that the clock can see them. */
const eventsTimed = 20_000;

/** A contender that folds with this function. */
export const folding = (
  fold: (events: readonly ConversationRecord[]) => State | Promise<State>,
  options: {
    /** For those who need many seconds for the large ones. */
    largestOnce?: boolean;
    /** Whatever the fold needs besides the events, unmeasured. */
    before?: (events: readonly ConversationRecord[]) => Promise<void>;
    /** For those who keep inbound ids in another way. */
    knows?: (seen: State["seen"], id: string) => boolean;
  } = {},
): Contender => ({
  async open({ scaled }) {
    const largest = scaled(10_000);
    const all = recordsOf(largest);
    const states = new Map<number, State>();
    const round: Round = {
      async warmUp() {
        const few = all.slice(0, 200);
        await options.before?.(few);
        for (let time = 0; time < 100; time++) await fold(few);
      },
      async run(time) {
        for (const size of sizes) {
          const events = all.slice(0, Math.min(size, largest));
          const times = options.largestOnce && size >= 1_000 ? 1 : Math.ceil(eventsTimed / events.length);
          await options.before?.(events);
          await time(sampleOf(size), events.length * times, async () => {
            for (let once = 0; once < times; once++) states.set(events.length, await fold(events));
          });
        }
      },
      async verify() {
        for (const [size, state] of states) check(state, size, options.knows);
      },
    };
    return round;
  },
});

const recordsOf = (count: number): ConversationRecord[] =>
  historyOf(0, count).map((event, index) => ({
    ...event,
    stream: streamOf(0),
    version: index + 1,
    at: decidedAt(Math.floor(index / eventsPerDecision)),
    commitId: `commit-${Math.floor(index / eventsPerDecision)}`,
  }));

const check = (
  { contact, seen, sends, unanswered }: State,
  size: number,
  knows = (ids: State["seen"], id: string): boolean => id in ids,
): void => {
  const turn = Math.floor((size / eventsPerDecision - 1) / 2);
  mustBe("name", contact["name" as keyof typeof contact], nameOf(0));
  mustBe(
    "the newest message is known",
    knows(seen, messageIdOf(0, Math.ceil((size / eventsPerDecision - 1) / 2))),
    true,
  );
  mustBe("unanswered", unanswered.length, size === eventsPerDecision ? 1 : 0);
  const send = turn > 0 ? sends[sendIdOf(0, turn)] : { phase: "sent", delivery: "read" };
  mustBe("the newest send", [send?.phase, send?.delivery], ["sent", "read"]);
};
