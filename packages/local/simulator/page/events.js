// What Hilo recorded, as it is recorded.
import { byId, el, stickToEnd } from "./dom.js";
import { copy, rowFor } from "./event-row.js";
import { openMenu } from "./menu.js";
import { marksOf, summaryOf } from "./summaries.js";

const states = {
  bot: "Bot answers",
  "needs-human": "Person asked for",
  human: "Person answers",
  moved: "Moved",
};

/** After any of these a parked send waits for nobody any more. */
const settling = new Set(["MessageSent", "SendFailed", "SendResolved"]);

/**
 * @param {{ can: (decision: string) => boolean, resolve: (sendId: string, how: "resend" | "drop") => Promise<unknown> }} person
 *   What a person decides about a parked send.
 */
export const eventsView = ({ can, resolve }) => {
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

  /** Shows what can be decided where something is to decide. */
  const offer = () => {
    const settled = new Set();
    for (const { event, row } of rows.toReversed()) {
      if (settling.has(event.type)) settled.add(event.data.sendId);
      const choice = /** @type {HTMLElement | null} */ (row.querySelector(".decide"));
      if (choice) choice.hidden = settled.has(event.data.sendId) || !can("resolveSend");
      if (event.type === "SendParked") settled.add(event.data.sendId);
    }
  };

  return {
    offer,
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
            row: rowFor(event, before, { isFresh: !isNew, resolve }),
            words: JSON.stringify([
              event.type,
              summaryOf(event),
              marksOf(event),
              event.data,
              event.version,
            ]).toLowerCase(),
          };
        });
      rows.push(...news);
      list.append(...news.map((/** @type {any} */ { row }) => row));
      sift(news);
      offer();
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
