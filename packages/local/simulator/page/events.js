// What Hilo recorded, as it is recorded.
import { attempt } from "./api.js";
import { byId, el, stickToEnd, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { isBrief, kindOf, summaryOf } from "./summaries.js";

const states = {
  bot: "Bot answers",
  "needs-human": "Person asked for",
  human: "Person answers",
  moved: "Moved",
};

export const eventsView = () => {
  const list = byId("events");
  const filter = byId("filter");
  const end = stickToEnd(byId("events-scroller"), byId("events-newest"));
  /** @type {{ event: any, row: HTMLElement, words: string }[]} */
  let rows = [];

  const count = () => {
    const shown = rows.filter(({ row }) => !row.hidden).length;
    const total = `${rows.length} event${rows.length === 1 ? "" : "s"}`;
    byId("count").textContent = filter.value.trim() ? `${shown} of ${total}` : rows.length > 0 ? total : "";
  };
  const sift = (/** @type {typeof rows} */ some) => {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { row, words } of some)
      row.hidden = !wanted.every((/** @type {string} */ word) => words.includes(word));
    count();
  };
  filter.addEventListener("input", () => sift(rows));
  filter.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    filter.value = "";
    sift(rows);
    filter.blur();
  });
  byId("copy").addEventListener("click", (/** @type {Event} */ { currentTarget }) => {
    const shown = rows.filter(({ row }) => !row.hidden).map(({ event }) => event);
    const stream = rows.at(-1)?.event.stream;
    openMenu(/** @type {HTMLElement} */ (currentTarget), {
      label: "Copy",
      items: [
        {
          label: `${shown.length} event${shown.length === 1 ? "" : "s"} as JSON`,
          run: () => void copy(shown, "Events copied"),
        },
        ...(stream ? [{ label: "The conversation's id", run: () => void copy(stream, "Id copied") }] : []),
      ],
    });
  });

  return {
    /** The version after which news is wanted; undefined when nothing is shown yet. */
    version: () => rows.at(-1)?.event.version,

    /** @param {any} recording @param {{ isNew: boolean }} options `isNew`: another conversation than was shown. */
    show({ events, earlier, state, language }, { isNew }) {
      if (isNew) {
        rows = [];
        list.replaceChildren();
        byId("earlier").hidden = !earlier;
      }
      const news = events
        .filter((/** @type {any} */ { version }) => version > (rows.at(-1)?.event.version ?? 0))
        .map((/** @type {any} */ event, /** @type {number} */ index, /** @type {any[]} */ all) => {
          const before = index > 0 ? all[index - 1] : rows.at(-1)?.event;
          return {
            event,
            row: rowFor(event, before, !isNew),
            words: JSON.stringify([event.type, summaryOf(event), event.data, event.version]).toLowerCase(),
          };
        });
      rows.push(...news);
      list.append(...news.map((/** @type {any} */ { row }) => row));
      sift(news);
      badges(state, language);
      list.classList.toggle("none", rows.length === 0);
      if (rows.length === 0) list.replaceChildren(nothing());
      else list.querySelector(".nothing")?.remove();
      if (isNew) end.jump();
      else if (news.length > 0) end.grew();
    },
  };
};

const nothing = () =>
  el(
    "li",
    { class: "nothing" },
    el("strong", {}, "Nothing recorded yet."),
    " Send a message on the phone: every fact appears here the moment it is appended, from the webhook to the last tick.",
  );

/** @param {keyof typeof states | undefined} state @param {string | undefined} language */
const badges = (state, language) => {
  const named = language && new Intl.DisplayNames(["en"], { type: "language" }).of(language);
  byId("badges").replaceChildren(
    ...(state
      ? [
          el(
            "span",
            { class: `badge ${state}`, role: "status", "aria-label": `Ownership: ${states[state]}` },
            states[state],
          ),
        ]
      : []),
    ...(named ? [el("span", { class: "badge language", "aria-label": `Language: ${named}` }, named)] : []),
  );
};

/** @param {any} event @param {any} before @param {boolean} isFresh */
const rowFor = (event, before, isFresh) => {
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
        el("span", { class: "summary", dir: "auto" }, summaryOf(event)),
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
      class: ["event", kindOf(type), isBrief(type) && "brief", isFresh && "fresh"].filter(Boolean).join(" "),
      "data-version": version,
      "data-type": type,
    },
    details,
  );
};

/** @param {unknown} value @param {string} done */
const copy = (value, done) =>
  attempt(async () => {
    await navigator.clipboard.writeText(
      typeof value === "string" ? value : JSON.stringify(value, undefined, 2),
    );
    toast(done);
  });
