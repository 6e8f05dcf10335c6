// The list of customers, one of whose phones is shown.
import { send } from "./api.js";
import { clockTime } from "./bubble.js";
import { inAWord } from "./content.js";
import { ask } from "./dialogs.js";
import { avatar, byId, el, reconcile } from "./dom.js";

/** @param {{ choose: (id: string) => void }} options */
export const customerList = ({ choose }) => {
  const list = byId("customers");
  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const steps = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    if (event.altKey || at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    buttons[
      Math.min(Math.max(steps[/** @type {keyof typeof steps} */ (event.key)], 0), buttons.length - 1)
    ]?.focus();
  });
  byId("new-customer").addEventListener("click", () =>
    ask(
      {
        title: "New customer",
        intro:
          "Nobody is called or written to. Numbers kept for fiction: +1 202 555 0100 to 0199, +34 600 000 0xx.",
        submit: "Add",
        fields: [
          { name: "name", label: "Name", required: true, maxlength: 60 },
          {
            name: "phone",
            label: "Phone number",
            type: "tel",
            hint: "With its country code. Leave it empty for somebody who hides it behind a username.",
            maxlength: 24,
          },
        ],
      },
      async ({ name, phone }) => choose((await send("customers", { name, ...(phone && { phone }) })).id),
    ),
  );

  /** @param {any[]} customers @param {string | undefined} current */
  const show = (customers, current) =>
    reconcile(
      list,
      customers.map((customer) => ({
        key: customer.id,
        value: [customer, customer.id === current],
        make: () => row(customer, customer.id === current, choose),
      })),
    );
  return { show };
};

/** @param {any} customer @param {boolean} isCurrent @param {(id: string) => void} choose */
const row = (customer, isCurrent, choose) => {
  const { last, unread } = customer;
  const preview = last
    ? `${last.from === "customer" ? "You: " : ""}${inAWord(last)}`
    : customer.phone
      ? addressOf(customer)
      : `@${customer.username}`;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", "aria-current": isCurrent && "true", onclick: () => choose(customer.id) },
      avatar(customer.name),
      el("bdi", { class: "name" }, customer.name),
      last ? el("time", { datetime: last.at }, clockTime(last.at)) : undefined,
      el("small", { dir: "auto" }, preview),
      unread > 0
        ? el("span", { class: "unread" }, String(unread), el("span", { class: "unseen" }, " unread"))
        : undefined,
    ),
  );
};

/** @param {any} customer */
export const addressOf = ({ phone, username }) => (phone ? spaced(phone) : `@${username} · no phone number`);

const spaced = (/** @type {string} */ phone) =>
  phone
    .replace(/^1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3")
    .replace(/^34(\d{3})(\d{3})(\d{3})$/, "+34 $1 $2 $3")
    .replace(/^(?=\d)/, "+");
