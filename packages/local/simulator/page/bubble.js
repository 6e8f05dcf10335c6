// One message on the phone.
import { el, icon } from "./dom.js";
import { showList } from "./dialogs.js";
import { body, inAWord } from "./content.js";

/** @param {string} at */
export const clockTime = (at) => new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

/**
 * @param {any} message
 * @param {{ quoted?: any, names: { customer: string, business: string }, choose: (option: string) => void, menu: (button: HTMLElement) => void }} context
 */
export const bubble = (message, { quoted, names, choose, menu }) => {
  const isOwn = message.from === "customer";
  const { customer, business } = message.reactions;
  const more = el(
    "button",
    {
      type: "button",
      class: "more icon",
      "aria-label": "Message actions",
      "aria-haspopup": "menu",
      onclick: () => menu(more),
    },
    icon("down"),
  );
  return el(
    "li",
    {
      class: `message ${isOwn ? "own" : "theirs"} ${message.content.type}`,
      "aria-label": `${isOwn ? names.customer : names.business}, ${clockTime(message.at)}`,
    },
    el(
      "div",
      { class: "bubble" },
      message.byPhoneApp ? el("p", { class: "origin" }, "from the business's phone app") : undefined,
      message.byMetaAgent ? el("p", { class: "origin" }, "from Meta's Business Agent") : undefined,
      quoted ? quote(quoted, names) : undefined,
      ...body(message.content),
      el(
        "span",
        { class: "meta" },
        message.edited ? "edited " : undefined,
        el("time", { datetime: message.at }, clockTime(message.at)),
        isOwn && message.content.type !== "revoked" ? tick(message.ticks) : undefined,
      ),
      message.content.type === "revoked" ? undefined : more,
    ),
    ...options(message, choose),
    customer || business
      ? el(
          "p",
          { class: "reactions", "aria-label": "Reactions" },
          [business, customer].filter(Boolean).join(" "),
        )
      : undefined,
  );
};

const tick = (/** @type {"sent" | "delivered" | "read"} */ ticks) => {
  const labels = { sent: "Sent", delivered: "Delivered", read: "Read" };
  const sign = icon(ticks === "sent" ? "tick" : "ticks", labels[ticks]);
  sign.classList.add(ticks);
  return sign;
};

/** @param {any} quoted @param {{ customer: string, business: string }} names */
export const quote = (quoted, names) =>
  el(
    "blockquote",
    { class: "quote" },
    el("strong", {}, quoted.from === "customer" ? names.customer : names.business),
    el("span", { dir: "auto" }, inAWord(quoted).slice(0, 200)),
  );

/** What the customer can tap below a message. @param {any} message @param {(option: string) => void} choose */
const options = ({ content, from }, choose) => {
  const said = content.type === "interactive" && from === "business" ? content.interactive : undefined;
  const buttons = (said?.action?.buttons ?? []).map((/** @type {any} */ { reply }) =>
    el("button", { type: "button", onclick: () => choose(reply.id) }, reply.title),
  );
  const list = said?.action?.sections
    ? [
        el(
          "button",
          { type: "button", "aria-haspopup": "dialog", onclick: () => showList(said, choose) },
          icon("list"),
          said.action.button ?? "Options",
        ),
      ]
    : [];
  const all = [...buttons, ...list];
  return all.length > 0 ? [el("div", { class: "options" }, ...all)] : [];
};
