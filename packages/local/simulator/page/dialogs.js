// Questions that need more than one line. Esc closes; the focus goes back to where it came from.
import { el, icon } from "./dom.js";

/**
 * @typedef {{ name: string, label: string, value?: string, hint?: string, required?: boolean, rows?: number, type?: string, maxlength?: number }} Field
 * @param {{ title: string, intro?: string, fields: Field[], submit: string }} options
 * @param {(values: Record<string, string>) => Promise<unknown>} done Rejects with what to tell.
 */
export const ask = ({ title, intro, fields, submit }, done) => {
  const problem = el("p", { class: "problem", role: "alert" });
  const form = el(
    "form",
    { autocomplete: "off", novalidate: true },
    ...fields.map(({ name, label, value = "", hint, required, rows, type = "text", maxlength = 200 }) => {
      const attributes = {
        id: `field-${name}`,
        name,
        required,
        maxlength,
        dir: "auto",
        "aria-describedby": hint && `hint-${name}`,
      };
      const input = rows
        ? el("textarea", { ...attributes, rows }, value)
        : el("input", { ...attributes, type, value });
      return el(
        "div",
        { class: "field" },
        el("label", { for: `field-${name}` }, label),
        input,
        hint ? el("small", { id: `hint-${name}` }, hint) : undefined,
      );
    }),
    problem,
    el("div", { class: "choices" }, el("button", { type: "submit", class: "main" }, submit)),
  );
  const dialog = show(title, intro ? el("p", {}, intro) : undefined, form);
  const finish = async () => {
    const values = Object.fromEntries(
      [...new FormData(/** @type {HTMLFormElement} */ (form))].map(([name, value]) => [
        name,
        typeof value === "string" ? value.trim() : "",
      ]),
    );
    const empty = fields.find(({ name, required }) => required && !values[name]);
    if (empty) {
      problem.textContent = `${empty.label} is needed.`;
      focusOn(form, `#field-${empty.name}`);
      return;
    }
    try {
      await done(values);
      dialog.close();
    } catch (error) {
      problem.textContent = /** @type {Error} */ (error).message;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void finish();
  });
};

/** @param {HTMLElement} within @param {string} selector */
const focusOn = (within, selector) => {
  const element = within.querySelector(selector);
  if (element instanceof HTMLElement) element.focus();
};

/** @param {string} title @param {...(Node | undefined)} content */
export const show = (title, ...content) => {
  const close = el(
    "button",
    { type: "button", class: "icon", "aria-label": "Close", onclick: () => dialog.close() },
    icon("close"),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    el(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      el("header", {}, el("h2", { id: "dialog-title" }, title), close),
      ...content,
    )
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  focusOn(dialog, "input, textarea, .option");
  return dialog;
};

/** A list that the business sent. @param {any} interactive @param {(id: string) => void} choose */
export const showList = (interactive, choose) => {
  const sections = (interactive.action?.sections ?? []).map((/** @type {any} */ section) =>
    el(
      "section",
      {},
      section.title ? el("h3", {}, section.title) : undefined,
      ...section.rows.map((/** @type {any} */ row) =>
        el(
          "button",
          { type: "button", class: "option", onclick: () => (dialog.close(), choose(row.id)) },
          el("span", {}, row.title),
          row.description ? el("small", {}, row.description) : undefined,
        ),
      ),
    ),
  );
  const dialog = show(interactive.action?.button ?? "Options", ...sections);
};

export const showHelp = () => {
  const keys = [
    ["/", "write a message"],
    ["Enter", "send it; Shift + Enter begins a new line"],
    ["Alt + ↑ ↓", "the customer above or below"],
    ["↑ ↓", "walk the list of customers, once it has the focus"],
    ["e", "filter the events"],
    ["f", "faults: what Meta does to the messages that Hilo sends"],
    ["Esc", "close, or cancel a reply"],
    ["?", "this help"],
  ];
  show(
    "Help",
    el(
      "p",
      {},
      "On the left you hold your customers' phones: it shows what the simulated WhatsApp delivered. On the right stands what Hilo recorded, event by event. Everything you do travels as a signed webhook, as Meta sends it; every answer comes back through the Graph API.",
    ),
    el(
      "p",
      {},
      "Worth a try: several messages in a row, a question in another language, “I want to talk to a person”, answering from the business's own phone, and delivering the last webhook again, after which nothing may double. Then switch on a fault, such as “Sent, then a server error”, and see what Hilo makes of it.",
    ),
    el(
      "dl",
      { class: "keys" },
      ...keys.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)]),
    ),
  );
};
