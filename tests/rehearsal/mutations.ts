/**
 * Hilo with one thing done wrong, by changing a line of its source as it is loaded: the product knows nothing of it.
 * The rehearsal has to catch each; a line that is no longer there is an error.
 */
export type Mutation = {
  name: string;
  /** What it breaks: one of the nine bugs that the design plants, the
   * decision that it undoes, or what the rehearsal itself found and a fix of which it takes back. */
  of: "planted" | "found" | "D4" | "D5" | "D6" | "D7" | "D8" | "D9" | "D10" | "D11";
  edits: readonly Edit[];
};

/** `find` is in the file exactly once. */
export type Edit = { file: string; find: string; replace: string };

export const mutations: readonly Mutation[] = [
  {
    name: "only-fifo-de-duplication",
    of: "planted",
    edits: [
      {
        file: "packages/core/domain/receive.ts",
        find: "const fresh = unseen(state, command.inbound);",
        replace: `const isRecent = Date.parse(command.at) - Date.parse(state.lastAt) < 300_000;
          const fresh = unseen(isRecent ? state : { ...state, seen: {} }, command.inbound);`,
      },
    ],
  },
  {
    name: "dual-write-instead-of-stream",
    of: "planted",
    edits: [
      {
        file: "tests/rehearsal/deps.ts",
        find: "eventStore(weakLog(sim, call, services.log), services.codecs[container.deployment])",
        replace: `eventStore(((log: CommitLog) => ({
          ...log,
          append: async (commit: Parameters<CommitLog["append"]>[0]) => {
            const stored = await log.append(commit);
            const { publish } = services.codecs.before;
            if (stored) await call("bus.publish", () => services.bus(publish(commit)));
            return stored;
          },
        }))(weakLog(sim, call, services.log)), services.codecs[container.deployment])`,
      },
      {
        file: "tests/rehearsal/world.ts",
        find: "(commit) => stream.appended(commit)",
        replace: "() => {}",
      },
    ],
  },
  {
    name: "ignore-failed-entry-count",
    of: "planted",
    edits: [
      {
        file: "packages/functions/commands/publish-events.ts",
        find: "open = refused.flatMap((index) => open[index] ?? []);",
        replace: "open = []; void refused;",
      },
    ],
  },
  {
    name: "blind-retry-after-timeout",
    of: "planted",
    edits: [
      {
        file: "packages/functions/commands/send-message.ts",
        find: "const outcome = await deps.whatsapp.send(message);",
        replace: `let outcome = await deps.whatsapp.send(message);
      if (outcome.outcome === "uncertain") outcome = await deps.whatsapp.send(message);`,
      },
    ],
  },
  {
    name: "projection-that-repeats",
    of: "planted",
    edits: [
      {
        file: "packages/core/store/project.ts",
        find: "const events = await eventsAfter(deps.store, stream, reached);",
        replace: "const events = await eventsAfter(deps.store, stream, Math.max(0, reached - 1));",
      },
    ],
  },
  {
    name: "last-status-wins",
    of: "planted",
    edits: [
      {
        file: "packages/core/views/transcript.ts",
        find: "return before && order.indexOf(before) > order.indexOf(news) ? before : news;",
        replace: "void order; return news;",
      },
    ],
  },
  {
    name: "no-takeover-fence",
    of: "planted",
    edits: [
      {
        file: "packages/core/domain/send.ts",
        find: "(isHeldElsewhere || state.heldSince > send.requestedVersion)",
        replace: "isHeldElsewhere",
      },
    ],
  },
  {
    name: "200-before-durable",
    of: "planted",
    edits: [
      {
        file: "packages/functions/commands/receive-webhook.ts",
        find: "await receiveUpdates(deps, parseWebhook(parseBody(rawBody), { ...deps.pseudonyms, receivedAt }));",
        replace: `void receiveUpdates(deps, parseWebhook(parseBody(rawBody), { ...deps.pseudonyms, receivedAt }))
          .catch(() => undefined);`,
      },
    ],
  },
  {
    name: "unconditional-append",
    of: "planted",
    edits: [
      {
        file: "packages/core/store/event-store.ts",
        find: "const version = expectedVersion + 1;",
        replace: "const version = (await log.head(rest.stream)) + 1; void expectedVersion;",
      },
    ],
  },
  {
    name: "seen-ids-are-not-absorbed",
    of: "D4",
    edits: [
      {
        file: "packages/core/domain/conversation.ts",
        find: "for (const [id, digest] of Object.entries(data.seen)) absorb(state, id, digest, at);",
        replace: "",
      },
    ],
  },
  {
    name: "failed-commits-are-passed-over",
    of: "D5",
    edits: [
      {
        file: "packages/functions/commands/publish-events.ts",
        find: "return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };",
        replace: "void failed; return { batchItemFailures: [] };",
      },
    ],
  },
  {
    name: "what-fails-is-done",
    of: "D6",
    edits: [
      {
        file: "packages/functions/shared/each-event.ts",
        find: "return [{ itemIdentifier: messageId }];",
        replace: "void messageId; return [];",
      },
    ],
  },
  {
    name: "views-without-a-gate",
    of: "D7",
    edits: [
      {
        file: "packages/core/store/project.ts",
        find: "    expectedVersion,\n",
        replace: "    expectedVersion: await deps.views.version(name, stream),\n",
      },
    ],
  },
  {
    name: "a-draft-outlives-a-newer-message",
    of: "D8",
    edits: [
      {
        file: "packages/core/domain/reply.ts",
        find: `return newest > upTo ? "newer-message" : undefined;`,
        replace: "return undefined;",
      },
    ],
  },
  {
    name: "started-sends-are-started-again",
    of: "D9",
    edits: [
      {
        file: "packages/core/domain/send.ts",
        find: `if (send.phase !== "requested") return { rejected: "send-unsettled" };`,
        replace: "",
      },
    ],
  },
  {
    name: "statuses-go-by-their-order",
    of: "D10",
    edits: [
      {
        file: "packages/core/views/transcript.ts",
        find: `before === "conflicting" || contradict(before, news)`,
        replace: `before === "conflicting"`,
      },
    ],
  },
  {
    name: "patience-is-asked-for-again",
    of: "D8",
    edits: [
      {
        file: "packages/core/domain/reply.ts",
        find: "if (asked) return [];",
        replace: "void asked;",
      },
    ],
  },
  {
    name: "a-dialog-that-ended-goes-on",
    of: "D8",
    edits: [
      {
        file: "packages/core/domain/dialog-state.ts",
        find: `if (event.type === "DialogLeft") {
    delete state.dialog;`,
        replace: `if (event.type === "DialogLeft") {`,
      },
    ],
  },
  {
    name: "an-old-context-is-good-enough",
    of: "D11",
    edits: [
      {
        file: "packages/core/store/get-context.ts",
        find: "known && known.version >= atLeastVersion ? known",
        replace: "known ? known",
      },
    ],
  },
  {
    name: "a-summary-is-not-remembered",
    of: "D11",
    edits: [
      {
        file: "packages/core/domain/conversation.ts",
        find: `state.summarisedUpTo = data.upTo;
      state.turns = state.turns.filter((turn) => turn > data.upTo);`,
        replace: "",
      },
    ],
  },
  {
    name: "what-was-refused-is-owed",
    of: "found",
    edits: [
      {
        file: "packages/core/store/audit.ts",
        find: "({ version }) => version > refusedAt",
        replace: "() => (void refusedAt, true)",
      },
    ],
  },
  {
    name: "what-waits-is-looked-at-all-the-time",
    of: "found",
    edits: [
      {
        file: "packages/functions/shared/each-event.ts",
        find: "Math.max(leastMs, Math.min(waitedMs / 4, waitMsMax))",
        replace: "(void waitedMs, void waitMsMax, leastMs)",
      },
    ],
  },
  {
    name: "statuses-are-adopted-only-at-first",
    of: "found",
    edits: [
      {
        file: "packages/functions/commands/send-message.ts",
        find: `if (send.phase === "sent" && send.messageId) return place(deps, stream, send.messageId);`,
        replace: "",
      },
    ],
  },
  {
    name: "a-message-is-placed-before-it-is-known",
    of: "found",
    edits: [
      {
        file: "packages/functions/commands/send-message.ts",
        find: "const sent = { ...outcome, sendId, attempt, messageId, evidence };",
        replace: `await deps.identities.placeMessage(messageId, stream);
  const sent = { ...outcome, sendId, attempt, messageId, evidence };`,
      },
    ],
  },
  {
    name: "who-holds-what-it-moved-to-does-not-matter",
    of: "found",
    edits: [
      {
        file: "packages/functions/commands/send-message.ts",
        find: `return { stream: movedTo, isHeld };`,
        replace: "return { stream: movedTo, isHeld: isHeld && false };",
      },
    ],
  },
  {
    name: "where-it-moved-as-it-was-sent-does-not-matter",
    of: "found",
    edits: [
      {
        file: "packages/core/domain/send.ts",
        find: `send.origin === "bot" && state.movedTo !== successor?.stream`,
        replace: `send.origin === "bot" && false`,
      },
    ],
  },
  {
    name: "what-comes-and-goes-again-is-no-change",
    of: "found",
    edits: [
      {
        file: "packages/core/store/project.ts",
        find: "put.length + remove.length === 0 && isQuiet(view, before, events)",
        replace: "put.length + remove.length === 0 && events.length < quietEventsMax",
      },
    ],
  },
  {
    name: "what-came-before-a-message-taken-back-is-forgotten",
    of: "found",
    edits: [
      {
        file: "packages/functions/commands/generate-reply.ts",
        find: "if (isLeftOver(state, version))",
        replace: "if ((void state, void version, void isLeftOver, false))",
      },
    ],
  },
];
