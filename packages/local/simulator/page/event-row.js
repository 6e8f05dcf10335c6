// One event of the list.
import { attempt } from "./api.js";
import { el, toast } from "./dom.js";
import { isBad, isBrief, kindOf, marksOf, summaryOf } from "./summaries.js";

/**
 * @param {any} event @param {any} before
 * @param {{ isFresh: boolean, resolve: (sendId: string, how: "resend" | "drop") => Promise<unknown> }} options
 */
export const rowFor = (event, before, { isFresh, resolve }) => {
  const { type, version, at } = event;
  const date = new Date(at);
  const seconds = before ? (date.getTime() - Date.parse(before.at)) / 1_000 : 0;
  const time = date.toLocaleTimeString([], {
    hour12: false,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  const details = /** @type {HTMLDetailsElement} */ (
    el(
      "details",
      {},
      el(
        "summary",
        {},
        el("span", { class: "type" }, type),
        el(
          "span",
          { class: "summary", dir: "auto" },
          ...marksOf(event).flatMap(({ kind, text }) => [el("span", { class: `mark ${kind}` }, text), " "]),
          summaryOf(event),
        ),
        el(
          "span",
          { class: "since" },
          seconds >= 0.1 ? `+${seconds < 100 ? seconds.toFixed(1) : Math.round(seconds)} s` : "",
        ),
        el("time", { datetime: at }, time),
        el("span", { class: "version" }, String(version)),
      ),
    )
  );
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("pre")) return;
    const button = el(
      "button",
      {
        type: "button",
        class: "plain",
        "aria-label": `Copy event ${version}`,
        onclick: () => void copy(event, "Event copied"),
      },
      "Copy",
    );
    details.append(
      el(
        "div",
        { class: "data" },
        button,
        el(
          "pre",
          { tabindex: "0", "aria-label": `Data of event ${version}` },
          JSON.stringify(event, undefined, 2),
        ),
      ),
    );
  });
  return el(
    "li",
    {
      class: ["event", isBad(event) ? "failed" : kindOf(type), isBrief(event) && "brief", isFresh && "fresh"]
        .filter(Boolean)
        .join(" "),
      "data-version": version,
      "data-type": type,
    },
    details,
    type === "SendParked" && decision(event, resolve),
  );
};

/** @param {any} event @param {(sendId: string, how: "resend" | "drop") => Promise<unknown>} resolve */
const decision = ({ version, data }, resolve) => {
  /** @param {string} label @param {"resend" | "drop"} how */
  const choice = (label, how) =>
    el("button", { type: "button", class: "plain", onclick: () => void decide(how) }, label);
  const group = el(
    "div",
    { class: "decide", role: "group", "aria-label": `Parked send, event ${version}`, hidden: true },
    choice("Send again", "resend"),
    choice("Drop", "drop"),
  );
  /** Both are disabled until the answer is there, so that nothing is sent twice. @param {"resend" | "drop"} how */
  const decide = async (how) => {
    const buttons = [...group.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    await resolve(data.sendId, how);
    for (const button of buttons) button.disabled = false;
  };
  return group;
};

/** @param {unknown} value @param {string} done */
export const copy = (value, done) =>
  attempt(async () => {
    await navigator.clipboard.writeText(
      typeof value === "string" ? value : JSON.stringify(value, undefined, 2),
    );
    toast(done);
  });
