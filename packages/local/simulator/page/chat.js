// The phone's screen: what the simulated WhatsApp delivered.
import { attempt, send } from "./api.js";
import { bubble } from "./bubble.js";
import { inAWord } from "./content.js";
import { announce, byId, el, icon, reconcile, stickToEnd } from "./dom.js";
import { openMenu } from "./menu.js";

const suggestions = {
  es: ["¿A qué hora abrís el sábado?", "¿Tenéis pan sin gluten?", "Quiero hablar con una persona"],
  en: ["What time do you open on Saturday?", "Do you have gluten-free bread?", "I want to talk to a person"],
};

/** @param {{ composer: { replyTo: (message: any) => void, edit: (message: any) => void } }} parts */
export const chatView = ({ composer }) => {
  const list = byId("chat");
  const end = stickToEnd(byId("chat-scroller"), byId("chat-newest"));
  let shownFor = "";
  /** @type {Set<string>} */
  let known = new Set();

  /** @param {any} customer @param {any} action */
  const act = (customer, action) => attempt(() => send(`customers/${customer.id}/actions`, action));

  const actionsFor = (/** @type {any} */ customer, /** @type {any} */ message) => {
    const isOwn = message.from === "customer";
    const text = message.content.type === "text" ? message.content.text.body : undefined;
    return [
      { label: "Reply", run: () => composer.replyTo(message) },
      ...(text ? [{ label: "Copy text", run: () => void navigator.clipboard.writeText(text) }] : []),
      ...(isOwn && text ? [{ label: "Edit", run: () => composer.edit(message) }] : []),
      ...(isOwn
        ? [
            {
              label: "Delete for everyone",
              run: () => void act(customer, { type: "revoke", original: message.wamid }),
            },
          ]
        : []),
    ];
  };

  /** @param {any} customer @param {any} business @param {{ messages: any[], typing: boolean }} chat */
  const show = (customer, business, { messages, typing }) => {
    const isOther = shownFor !== customer.id;
    const visible = messages.filter(({ content, failed }) => content.type !== "reaction" && !failed);
    const byWamid = new Map(visible.map((message) => [message.wamid, message]));
    const names = { customer: "You", business: business.name };
    let day = "";
    /** @type {{ key: string, value: unknown, make: () => HTMLElement }[]} */
    const items = visible.flatMap((message) => {
      const quoted = message.replyTo && byWamid.get(message.replyTo);
      const make = () =>
        bubble(message, {
          quoted,
          names,
          choose: (option) => void act(customer, { type: "choose", in: message.wamid, option }),
          menu: (button) =>
            openMenu(button, {
              label: "Message actions",
              items: actionsFor(customer, message),
              emoji: {
                chosen: message.reactions.customer,
                choose: (emoji) => void act(customer, { type: "react", to: message.wamid, emoji }),
              },
            }),
        });
      const item = { key: message.wamid, value: [message, quoted && inAWord(quoted)], make };
      const itsDay = dayOf(message.at);
      if (itsDay === day) return [item];
      day = itsDay;
      return [
        { key: `day-${day}`, value: day, make: () => el("li", { class: "day" }, el("span", {}, itsDay)) },
        item,
      ];
    });
    if (typing) items.push({ key: "typing", value: true, make: () => typingBubble(business.name) });
    if (items.length === 0)
      items.push({
        key: `empty-${customer.id}`,
        value: customer.name,
        make: () => emptyChat(customer, (text) => void act(customer, { type: "text", text })),
      });
    reconcile(list, items);

    const fresh = visible.filter(({ wamid }) => !known.has(wamid));
    if (isOther) end.jump();
    else if (fresh.some(({ from }) => from === "customer")) end.jump();
    else if (fresh.length > 0) end.grew();
    const heard = isOther ? undefined : fresh.findLast(({ from }) => from === "business");
    if (heard) announce(`${business.name}: ${inAWord(heard)}`);
    known = new Set(byWamid.keys());
    shownFor = customer.id;
  };

  return { show, act };
};

const typingBubble = (/** @type {string} */ name) =>
  el(
    "li",
    { class: "message theirs typing", "aria-label": `${name} is typing` },
    el("div", { class: "bubble" }, ...[1, 2, 3].map(() => el("i", {}))),
  );

const emptyChat = (/** @type {any} */ customer, /** @type {(text: string) => void} */ say) =>
  el(
    "li",
    { class: "empty" },
    el(
      "p",
      {},
      el("strong", {}, "Nothing said yet."),
      ` Write as ${customer.name.split(" ")[0]}, or begin with:`,
    ),
    ...suggestions[customer.userId.startsWith("ES.") ? "es" : "en"].map((text) =>
      el("button", { type: "button", onclick: () => say(text) }, text, icon("send")),
    ),
  );

/** @param {string} at */
const dayOf = (at) => {
  const date = new Date(at);
  const daysAgo = Math.round(
    (new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000,
  );
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
};
