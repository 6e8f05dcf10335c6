// Talks to the simulator, and listens to it.
import { toast } from "./dom.js";

/** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} */
export const request = async (path, options = {}) => {
  const response = await fetch(`/simulator/${path}`, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The simulator answered ${response.status}.`);
  return body;
};

/** @param {string} path @param {unknown} body @param {string} [method] */
export const send = (path, body, method = "POST") =>
  request(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Does something and shows why it could not be done. @template T @param {() => Promise<T>} work @returns {Promise<T | undefined>} */
export const attempt = async (work) => {
  try {
    return await work();
  } catch (error) {
    toast(
      error instanceof TypeError
        ? "The simulator can't be reached. Is it still running?"
        : /** @type {Error} */ (error).message,
    );
    return undefined;
  }
};

/** At most one at a time; what is asked for meanwhile happens once more afterwards. @param {() => Promise<void>} work */
export const coalesced = (work) => {
  let isRunning = false;
  let isWanted = false;
  const run = async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      // What fails is asked for again with the next change, or when the connection is back.
      await work().catch(() => {});
    }
    isRunning = false;
  };
  return run;
};

const retryMs = 1_500;

/**
 * Connected while the page is visible: a browser grants few connections per host, and a hidden phone reads nothing.
 * @param {{ ready: (tab: string) => void, lost: () => void, changed: (change: any) => void }} listener
 */
export const listen = ({ ready, lost, changed }) => {
  const tab = crypto.randomUUID();
  /** @type {EventSource | undefined} */
  let source;
  const connect = () => {
    if (source || document.visibilityState === "hidden") return;
    const own = (source = new EventSource(`/simulator/live?tab=${tab}`));
    own.addEventListener("ready", () => ready(tab));
    own.addEventListener("change", ({ data }) => changed(JSON.parse(data)));
    own.addEventListener("error", () => {
      own.close();
      if (source === own) {
        source = undefined;
        lost();
        setTimeout(connect, retryMs);
      }
    });
  };
  const disconnect = () => {
    source?.close();
    source = undefined;
  };
  document.addEventListener("visibilitychange", () =>
    document.visibilityState === "hidden" ? disconnect() : connect(),
  );
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
};
