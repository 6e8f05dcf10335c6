// The page: a customer's phone on the left, what Hilo recorded of it on the right.
import { attempt, coalesced, listen, request, send } from "./api.js";
import { chatView } from "./chat.js";
import { composerView } from "./composer.js";
import { addressOf, customerList } from "./customers.js";
import { showHelp } from "./dialogs.js";
import { avatar, byId } from "./dom.js";
import { eventsView } from "./events.js";
import { faultsPanel } from "./faults.js";
import { remember, remembered } from "./memory.js";
import { ownerView } from "./owner.js";
import { shortcuts } from "./shortcuts.js";
import { tryMenu } from "./try.js";

/** @type {{ business: any, customers: any[], decisions: string[], webhooksWaiting: number } | undefined} */
let state;
/** The customer whose phone is shown, the stream whose events are, and this page's connection. @type {string | undefined} */
let current;
/** @type {string | undefined} */
let stream;
/** @type {string | undefined} */
let tab;

const customer = () => state?.customers.find(({ id }) => id === current);
const composer = composerView({ current: customer });
const chat = chatView({ composer });
/** Whether a person can decide that from here. @param {string} decision */
const can = (decision) => state?.decisions.includes(decision) ?? false;
const events = eventsView({
  can,
  resolve: (sendId, how) =>
    attempt(() => send(`customers/${current}/sends/${encodeURIComponent(sendId)}`, { how })),
});
const owner = ownerView({
  can,
  change: (to) => attempt(() => send(`customers/${current}/owner`, { owner: to }, "PUT")),
});
const faults = faultsPanel({ current: customer, all: () => state?.customers ?? [] });
const customers = customerList({ choose: (id) => choose(id) });

const refreshState = coalesced(async () => {
  const before = customer()?.sample;
  state = await request("state");
  if (!customer()) {
    // A sample customer who was forgotten is there again under another id.
    const wanted = location.hash.slice(1) || remembered();
    const found = state?.customers.find(({ id, sample }) => id === wanted || (before && sample === before));
    choose((found ?? state?.customers[0])?.id);
  }
  show();
});

const refreshChat = coalesced(async () => {
  const of = customer();
  if (!of) return;
  const answer = await request(`customers/${of.id}/chat`);
  if (of.id !== current) return;
  chat.show(of, state?.business, answer);
  isHeld = answer.heldByMetaAgent;
  byId("held").hidden = !isHeld;
  byId("business-number").textContent = answer.typing
    ? "typing…"
    : addressOf({ phone: state?.business.displayPhoneNumber });
  byId("business-number").classList.toggle("typing", answer.typing);
});

/** Whether Meta's agent answers in the chat that is shown. */
let isHeld = false;
/** @param {boolean} holds */
const metaAgent = (holds) =>
  void attempt(() => send(`customers/${current}/actions`, { type: "meta-agent", holds }));
byId("hand-over").addEventListener("click", () => metaAgent(false));

let wantsAll = false;
/** Whose events are shown, `customer stream`: of another, the list begins anew. */
let shown = "";
const refreshEvents = coalesced(async () => {
  const of = current;
  if (!of) return;
  const version = shown.startsWith(`${of} `) ? events.version() : undefined;
  const from = wantsAll ? 1 : version && version + 1;
  const recording = await request(`customers/${of}/events${from ? `?from=${from}` : ""}`);
  if (of !== current) return;
  const key = `${of} ${recording.stream}`;
  if (from && from > 1 && key !== shown) {
    // Only the end of another conversation was asked for, such as one that a merge moved to.
    shown = "";
    return void refreshEvents();
  }
  events.show(recording, { isNew: wantsAll || key !== shown });
  owner.show(recording.state);
  stream = recording.stream;
  shown = key;
  wantsAll = false;
});

/** @param {string | undefined} id */
const choose = (id) => {
  if (!id || id === current) return;
  composer.change(current, id);
  current = id;
  stream = undefined;
  wantsAll = false;
  history.replaceState(undefined, "", `#${id}`);
  remember(id);
  show();
  void refreshChat();
  void refreshEvents();
  look();
  if (!customer()) void refreshState();
};

/** Says which chat is before the customer's eyes. */
const look = () => {
  if (tab && current) void attempt(() => send(`tabs/${tab}`, { customer: current }, "PUT"));
};

const show = () => {
  if (!state) return;
  events.offer();
  owner.offer();
  customers.show(state.customers, current);
  const shownCustomer = customer();
  if (!shownCustomer) return;
  byId("phone-title").textContent =
    `${shownCustomer.name}${shownCustomer.name.endsWith("s") ? "'" : "'s"} phone`;
  byId("phone-number").textContent = addressOf(shownCustomer);
  byId("business-name").textContent = state.business.name;
  const sign = document.querySelector(".avatar.business");
  if (sign && !sign.textContent) sign.textContent = avatar(state.business.name).textContent;
  const { webhooksWaiting: waiting } = state;
  connection(
    waiting > 0
      ? `${waiting} webhook${waiting === 1 ? " waits" : "s wait"} for Hilo and will be tried again`
      : "",
  );
};

/** @param {string} text */
const connection = (text) => {
  byId("connection").textContent = text;
};

listen({
  ready(id) {
    tab = id;
    void refreshState();
    void refreshChat();
    void refreshEvents();
    void faults.refresh();
    look();
  },
  lost() {
    tab = undefined;
    connection("Not connected; trying again…");
  },
  changed(change) {
    if (change.type === "chat") void refreshState();
    if (change.type === "chat" && change.customer === current) void refreshChat();
    if (change.type === "events" && (!stream || change.stream === stream)) void refreshEvents();
    if (change.type === "webhooks") void refreshState();
    if (change.type === "faults") void faults.refresh();
    if (change.type === "customers") {
      void refreshState().then(refreshChat);
      shown = "";
      void refreshEvents();
    }
  },
});
void refreshState();

byId("earlier").addEventListener("click", () => {
  wantsAll = true;
  void refreshEvents();
});
byId("help").addEventListener("click", showHelp);
addEventListener("hashchange", () =>
  choose(state?.customers.find(({ id }) => id === location.hash.slice(1))?.id),
);
byId("faults").addEventListener("click", faults.open);
tryMenu({ current: customer, isHeld: () => isHeld, metaAgent });
shortcuts({
  faults: faults.open,
  step(by) {
    const all = state?.customers ?? [];
    const at = all.findIndex(({ id }) => id === current) + by;
    choose(all[(at + all.length) % all.length]?.id);
  },
});
