// The panel of faults: what Meta does to the messages that Hilo sends.
import { attempt, coalesced, request, send } from "./api.js";
import { show } from "./dialogs.js";
import { announce, byId, el, reconcile } from "./dom.js";

/** @typedef {{ customer?: string, times?: number, chance?: number }} Scope */

/** How often a fault strikes. @type {[string, Scope][]} */
const paces = [
  ["until switched off", {}],
  ["the next send", { times: 1 }],
  ["the next 3 sends", { times: 3 }],
  ["the next 10 sends", { times: 10 }],
  ["half of the sends", { chance: 0.5 }],
  ["one send in ten", { chance: 0.1 }],
];

/** @param {{ current: () => any, all: () => any[] }} options `current` is the customer whose phone is shown. */
export const faultsPanel = ({ current, all }) => {
  /** @type {{ faults: any[], limits: any[] }} */
  let state = { faults: [], limits: [] };
  /** @type {HTMLElement | undefined} */
  let list;
  /** @type {HTMLElement | undefined} */
  let reset;

  const refresh = coalesced(async () => take(await request("faults")));
  /** @param {typeof state} next */
  const take = (next) => {
    state = next;
    const on = state.faults.filter((fault) => fault.on).length;
    const badge = byId("faults-on");
    const said = on > 0 ? `${on} on` : "";
    if (badge.textContent !== said) announce(`Faults: ${said || "none on"}`);
    badge.textContent = said;
    badge.hidden = on === 0;
    byId("faults").classList.toggle("on", on > 0);
    draw();
  };

  /** @param {string} path @param {unknown} body @param {string} [method] */
  const change = async (path, body, method = "PUT") => {
    const next = await attempt(() => send(path, body, method));
    if (next) take(next);
    else draw();
  };
  /** @param {string} name @param {Scope | undefined} scope */
  const turn = (name, scope) => change(`faults/${name}`, scope ?? {}, scope ? "PUT" : "DELETE");

  const draw = () => {
    if (!list) return;
    reset?.toggleAttribute("disabled", isAsInTheBeginning(state));
    /** @type {{ key: string, value: unknown, make: () => HTMLElement }[]} */
    const items = [];
    for (const fault of state.faults) {
      if (fault.group !== items.at(-1)?.value && !items.some(({ key }) => key === fault.group))
        items.push({ key: fault.group, value: fault.group, make: () => heading(fault.group) });
      const people = peopleFor(fault.on, current(), all());
      items.push({
        key: fault.name,
        value: [fault, fault.on && people],
        make: () => faultRow(fault, people, (scope) => void turn(fault.name, scope)),
      });
    }
    items.push({ key: "limits", value: 0, make: () => heading("Meta's limits") });
    for (const limit of state.limits)
      items.push({
        key: limit.name,
        value: limit,
        make: () => row(limit, limit.on, (on) => void change(`limits/${limit.name}`, { on })),
      });
    reconcile(list, items);
  };

  const open = () => {
    if (document.querySelector("dialog[open]")) return;
    list = el("ul", { class: "faults" });
    reset = el(
      "button",
      { type: "button", class: "plain", onclick: () => void change("faults", {}, "DELETE") },
      "Reset all",
    );
    draw();
    const dialog = show(
      "Faults",
      el("p", {}, "What Meta does, at times, to the messages that Hilo sends. They stay on over a restart."),
      reset,
      list,
    );
    dialog.classList.add("drawer");
    dialog.addEventListener("close", () => (list = reset = undefined));
    void refresh();
  };
  return { refresh, open };
};

/** @param {{ faults: any[], limits: any[] }} state */
const isAsInTheBeginning = ({ faults, limits }) =>
  !faults.some((fault) => fault.on) && limits.every(({ on }) => on);

const heading = (/** @type {string} */ text) => el("li", { class: "group" }, el("h3", {}, text));

/** Whom a fault can be for: everybody, the customer who is shown, and whomever it is for. */
const peopleFor = (
  /** @type {Scope | undefined} */ scope,
  /** @type {any} */ shown,
  /** @type {any[]} */ all,
) =>
  all
    .filter(({ id }) => id === shown?.id || id === scope?.customer)
    .map(({ id, name }) => ({ value: id, label: `to ${name}` }));

/** @param {any} about @param {boolean} isOn @param {(on: boolean) => void} turn @param {...Node} more */
const row = ({ name, title, line }, isOn, turn, ...more) => {
  const box = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "checkbox",
      role: "switch",
      checked: isOn,
      "aria-describedby": `fault-${name}`,
      onchange: () => turn(box.checked),
    })
  );
  return el(
    "li",
    { class: `fault${isOn ? " on" : ""}`, "data-fault": name },
    el("label", {}, box, el("span", {}, title)),
    el("small", { id: `fault-${name}` }, line),
    ...more,
  );
};

/** @param {any} fault @param {{ value: string, label: string }[]} people @param {(scope: Scope | undefined) => void} turn */
const faultRow = (fault, people, turn) => {
  const scope = /** @type {Scope | undefined} */ (fault.on);
  /** @param {boolean} on */
  const flip = (on) => turn(on ? {} : undefined);
  if (!scope) return row(fault, false, flip);
  const { customer, ...pace } = scope;
  const known = paces.some(([, { times, chance }]) => times === pace.times && chance === pace.chance);
  const offered = known ? paces : [...paces, /** @type {[string, Scope]} */ ([describe(pace), pace])];
  return row(
    fault,
    true,
    flip,
    el(
      "div",
      { class: "scope" },
      select(
        `How often: ${fault.title}`,
        offered.map(([label, value]) => ({ label, value: JSON.stringify(value) })),
        JSON.stringify(pace),
        (value) => turn({ ...JSON.parse(value), ...(customer && { customer }) }),
      ),
      select(
        `To whom: ${fault.title}`,
        [{ label: "to everybody", value: "" }, ...people],
        customer ?? "",
        (value) => turn({ ...pace, ...(value && { customer: value }) }),
      ),
    ),
  );
};

/** @param {Scope} scope */
const describe = ({ times, chance = 0 }) =>
  times
    ? `the next ${times === 1 ? "send" : `${times} sends`}`
    : `${Math.round(chance * 100)} % of the sends`;

/** @param {string} label @param {{ label: string, value: string }[]} options @param {string} chosen @param {(value: string) => void} choose */
const select = (label, options, chosen, choose) => {
  const made = /** @type {HTMLSelectElement} */ (
    el(
      "select",
      { "aria-label": label, onchange: () => choose(made.value) },
      ...options.map((option) =>
        el("option", { value: option.value, selected: option.value === chosen }, option.label),
      ),
    )
  );
  return made;
};
