// Keys that work anywhere on the page, as the help lists them.
import { showHelp } from "./dialogs.js";
import { byId } from "./dom.js";

/** @param {{ step: (by: number) => void, faults: () => void }} options `step` shows the phone of a customer further down, or up. */
export const shortcuts = ({ step, faults }) => {
  const keys = new Map([
    ["/", () => byId("message").focus()],
    ["e", () => byId("filter").focus()],
    ["f", faults],
    ["?", showHelp],
  ]);
  const altKeys = new Map([
    ["ArrowDown", () => step(1)],
    ["ArrowUp", () => step(-1)],
  ]);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || document.querySelector("dialog[open], .menu")) return;
    const isWriting = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    const run = event.altKey ? altKeys.get(event.key) : isWriting ? undefined : keys.get(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  });
};
