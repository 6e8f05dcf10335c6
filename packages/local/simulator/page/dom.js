// Building blocks of the page. Content from messages only ever becomes text nodes, never HTML.

/**
 * @typedef {Node | string | undefined | false} Child
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` are listeners; undefined and false are left out.
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
};

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

const paths = {
  send: "M4 12 3 4.500 21 12 3 19.500 4 12Zm0 0h8",
  attach: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9.500l6 6 6-6",
  document: "M7 3.500h7l4 4v13H7zM14 3.500v4h4M10 12.500h5M10 16h5",
  pin: "M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11Zm0-8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  tick: "M4 12.500l4.500 4.500L18 7",
  ticks: "M2 12.500l4.500 4.500L15 7M11 15.500l1.500 1.500L22 7",
  list: "M5 7h14M5 12h14M5 17h9",
  reply: "M10 7 5 12l5 5M5 12h9c3 0 5 2 5 6",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  voice:
    "M12 4a2.500 2.500 0 0 0-2.500 2.500v5a2.500 2.500 0 0 0 5 0v-5A2.500 2.500 0 0 0 12 4ZM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3",
};

/** @param {keyof typeof paths} name @param {string} [label] */
export const icon = (name, label) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `glyph ${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
};

/** A round sign for a person. @param {string} name */
export const avatar = (name) => {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
  const shade = [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 5;
  return el("span", { class: `avatar shade-${shade}`, "aria-hidden": "true" }, initials);
};

/**
 * Makes a list's children those of `items`, touching only what changed, so that nothing jumps or loses focus.
 * @param {HTMLElement} list
 * @param {{ key: string, value: unknown, make: () => HTMLElement }[]} items
 */
export const reconcile = (list, items) => {
  const before = new Map(
    [...list.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]),
  );
  let place = list.firstElementChild;
  for (const { key, value, make } of items) {
    const signature = JSON.stringify(value);
    let node = /** @type {any} */ (before.get(key));
    before.delete(key);
    if (node?.signature !== signature) {
      const made = /** @type {any} */ (make());
      made.dataset.key = key;
      made.signature = signature;
      if (node) {
        if (node === place) place = made;
        swap(node, made);
      }
      node = made;
    }
    if (node === place) place = place?.nextElementSibling ?? null;
    else list.insertBefore(node, place);
  }
  for (const gone of before.values()) gone.remove();
};

const focusable = "button, a, audio, video, input, select";

/** Keeps the focus on the button that had it. @param {HTMLElement} old @param {HTMLElement} made */
const swap = (old, made) => {
  const buttons = [...old.querySelectorAll(focusable)];
  const focused = buttons.findIndex((button) => button === document.activeElement);
  old.replaceWith(made);
  if (focused >= 0)
    /** @type {HTMLElement | undefined} */ ([...made.querySelectorAll(focusable)][focused])?.focus();
};

/** Scrolls along with what is added at the end, unless the reader has scrolled up. @param {HTMLElement} scroller @param {HTMLElement} newest */
export const stickToEnd = (scroller, newest) => {
  const nearPixels = 60;
  let isAtEnd = true;
  let size = "";
  const sizeNow = () => `${scroller.clientWidth} ${scroller.clientHeight} ${scroller.scrollHeight}`;
  const jump = () => {
    scroller.scrollTop = scroller.scrollHeight;
    size = sizeNow();
    isAtEnd = true;
    newest.hidden = true;
  };
  scroller.addEventListener(
    "scroll",
    () => {
      // A new size scrolls as well, without anybody having wanted to; `settle` follows.
      if (isAtEnd && size !== sizeNow()) return;
      isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPixels;
      if (isAtEnd) newest.hidden = true;
    },
    { passive: true },
  );
  newest.addEventListener("click", () => {
    jump();
    scroller.querySelector("ol")?.focus();
  });
  const settle = () => isAtEnd && jump();
  new ResizeObserver(settle).observe(scroller);
  const content = scroller.querySelector("ol");
  if (content) new ResizeObserver(settle).observe(content);
  return {
    jump,
    /** Something was added. */
    grew: () => (isAtEnd ? jump() : (newest.hidden = false)),
  };
};

/** @param {string} text */
export const toast = (text) => {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (box.hidden = true), 5_000);
};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/** Takes words off the screen but not from those who listen. @param {string} text */
export const announce = (text) => {
  byId("announcer").textContent = text;
};
