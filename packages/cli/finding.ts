/** What `hilo doctor` found, and what to do about it. */
export type Finding = { level: "ok" | "warning" | "bad"; what: string; todo?: string };
