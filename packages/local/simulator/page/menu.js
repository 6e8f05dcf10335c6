// A menu at a button: arrow keys, Home, End; Esc or a click elsewhere closes it and gives the focus back.
import { el } from "./dom.js";

/**
 * @typedef {{ label: string, run: () => void, icon?: Node, hint?: string }} Item
 * @param {HTMLElement} button
 * @param {{ label: string, items: Item[], emoji?: { chosen?: string, choose: (emoji: string | undefined) => void } }} options
 */
export const openMenu = (button, { label, items, emoji }) => {
  const menu = el("div", { class: "menu", popover: "auto", role: "menu", "aria-label": label });
  const close = () => menu.hidePopover();
  if (emoji) {
    const row = el("div", { class: "emoji", role: "group", "aria-label": "React" });
    for (const sign of ["👍", "❤️", "😂", "😮", "😢", "🙏"]) {
      const isChosen = emoji.chosen === sign;
      const choose = () => (close(), emoji.choose(isChosen ? undefined : sign));
      const name = isChosen ? `Take back ${sign}` : `React with ${sign}`;
      row.append(
        el(
          "button",
          {
            type: "button",
            role: "menuitem",
            "aria-label": name,
            class: isChosen && "chosen",
            onclick: choose,
          },
          sign,
        ),
      );
    }
    menu.append(row);
  }
  for (const { label: text, run, icon, hint } of items)
    menu.append(
      el(
        "button",
        { type: "button", role: "menuitem", onclick: () => (close(), run()) },
        icon,
        el("span", {}, text, hint ? el("small", {}, hint) : undefined),
      ),
    );
  const entries = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("button")]);
  menu.addEventListener("keydown", (event) => {
    const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const steps = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: entries.length - 1,
    };
    if (event.key === "Tab") return close();
    if (!(event.key in steps)) return;
    event.preventDefault();
    entries.at(steps[/** @type {keyof typeof steps} */ (event.key)] % entries.length)?.focus();
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  button.setAttribute("aria-expanded", "true");
  place(menu, button.getBoundingClientRect());
  entries[0]?.focus();
};

/** Beside the button, within the window. @param {HTMLElement} menu @param {DOMRect} at */
const place = (menu, at) => {
  const gap = 6;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + gap + height < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, below ? at.bottom + gap : at.top - gap - height)}px`;
};
