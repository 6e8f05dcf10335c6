/** What open pages are told at once, and what they are looking at. Nothing here outlives the process. */
export type Change =
  | { type: "customers" }
  /** A chat, its ticks, or whether the business is typing in it. */
  | { type: "chat"; customer: string }
  /** Hilo appended to this stream. */
  | { type: "events"; stream: string }
  | { type: "webhooks" }
  /** A fault or a limit was switched, or has struck for the last time. */
  | { type: "faults" };

type Tab = { open: string | undefined; send: (change: Change) => void };

/** WhatsApp shows the typing indicator for at most 25 seconds. */
const typingMsMax = 25_000;

export type Live = ReturnType<typeof live>;

export const live = () => {
  const tabs = new Map<string, Tab>();
  const typing = new Map<string, NodeJS.Timeout>();
  const stopListeners = new Set<() => void>();
  const publish = (change: Change): void => {
    for (const tab of tabs.values()) tab.send(change);
  };
  const stopTyping = (customer: string): void => {
    clearTimeout(typing.get(customer));
    if (typing.delete(customer)) publish({ type: "chat", customer });
  };

  return {
    publish,

    /** Until the returned function is called. A page that connects again replaces its earlier connection. */
    connect(id: string, send: Tab["send"]): () => void {
      const tab: Tab = { open: undefined, send };
      tabs.set(id, tab);
      return () => {
        if (tabs.get(id) === tab) tabs.delete(id);
      };
    },

    /** The chat that a connected page shows, undefined for none. False when no such page is connected. */
    look(id: string, customer: string | undefined): boolean {
      const tab = tabs.get(id);
      if (tab) tab.open = customer;
      return tab !== undefined;
    },
    isOpen: (customer: string): boolean => [...tabs.values()].some((tab) => tab.open === customer),

    isTyping: (customer: string): boolean => typing.has(customer),
    startTyping(customer: string): void {
      clearTimeout(typing.get(customer));
      typing.set(customer, setTimeout(stopTyping, typingMsMax, customer).unref());
      publish({ type: "chat", customer });
    },
    stopTyping,

    /** Calls back when it stops, unless the returned function is called before. */
    onStop(listener: () => void): () => void {
      stopListeners.add(listener);
      return () => void stopListeners.delete(listener);
    },
    stop(): void {
      for (const listener of stopListeners) listener();
      for (const timer of typing.values()) clearTimeout(timer);
      typing.clear();
      tabs.clear();
    },
  };
};
