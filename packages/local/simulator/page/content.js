// What a message says: as shown on the phone, and in a line.
import { el, icon } from "./dom.js";
import { parse, plainText, render } from "./format.js";

/** What a message says, in a line. @param {any} message @returns {string} */
export const inAWord = ({ content }) => {
  const body = content[content.type] ?? {};
  switch (content.type) {
    case "text":
      return plainText(parse(body.body ?? ""));
    case "image":
      return body.caption ? `Photo: ${body.caption}` : "Photo";
    case "video":
      return body.caption ? `Video: ${body.caption}` : "Video";
    case "sticker":
      return "Sticker";
    case "document":
      return body.filename ?? "Document";
    case "audio":
      return body.voice ? "Voice note" : "Sound";
    case "location":
      return body.name ?? "Location";
    case "interactive":
      return body.body?.text ?? body.button_reply?.title ?? body.list_reply?.title ?? "Message with options";
    case "template":
      return content.text?.body ?? `Template ${body.name ?? ""}`.trim();
    case "revoked":
      return "Deleted message";
    default:
      return content.type;
  }
};

/** What a message shows. @param {any} content @returns {Node[]} */
export const body = (content) => {
  const said = content[content.type] ?? {};
  switch (content.type) {
    case "text":
      return [words(said.body)];
    case "image":
    case "sticker":
      return [picture(said), ...(said.caption ? [words(said.caption)] : [])];
    case "video":
      return [film(said), ...(said.caption ? [words(said.caption)] : [])];
    case "document":
      return [file(said), ...(said.caption ? [words(said.caption)] : [])];
    case "audio":
      return [sound(said)];
    case "location":
      return [place(said)];
    case "interactive":
      return interactive(said);
    case "revoked":
      return [el("p", { class: "gone" }, "This message was deleted")];
    case "template":
      return [
        el("p", { class: "origin" }, `template ${said.name}, ${said.language?.code}`),
        words(content.text?.body),
      ];
    default:
      return [el("p", { class: "gone" }, `A message of type “${content.type}”, which this phone can't show`)];
  }
};

const media = (/** @type {string} */ id) => `/simulator/media/${encodeURIComponent(id)}`;

const words = (/** @type {string} */ text) => {
  const paragraph = el("p", { class: "words", dir: "auto" });
  paragraph.append(...render(parse(text ?? "")));
  const isOnlyEmoji =
    /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,12}$/u.test(text) &&
    /\p{Extended_Pictographic}/u.test(text);
  if (isOnlyEmoji) paragraph.classList.add("large");
  return paragraph;
};

// Only what was sent to this machine is shown: a link elsewhere stays words.
const picture = (/** @type {any} */ { id, link, caption }) =>
  id
    ? el(
        "a",
        { href: media(id), target: "_blank", class: "picture" },
        el("img", { src: media(id), alt: caption ? `Photo: ${caption}` : "Photo", width: 280, height: 210 }),
      )
    : el("p", { class: "gone" }, `Picture at ${link}`);

const film = (/** @type {any} */ { id, link }) =>
  id
    ? el("video", { controls: true, preload: "metadata", src: media(id), "aria-label": "Video" })
    : el("p", { class: "gone" }, `Video at ${link}`);

const sound = (/** @type {any} */ { id, link, voice }) =>
  id
    ? el("audio", {
        controls: true,
        preload: "metadata",
        src: media(id),
        "aria-label": voice ? "Voice note" : "Sound",
      })
    : el("p", { class: "gone" }, `Sound at ${link}`);

const file = (/** @type {any} */ { id, link, filename = "document" }) =>
  el(
    id ? "a" : "p",
    { class: "file", href: id && media(id), download: id && filename },
    icon("document"),
    el("span", {}, el("bdi", {}, filename), el("small", {}, id ? "Save" : String(link ?? ""))),
  );

const place = (/** @type {any} */ { latitude, longitude, name, address }) =>
  el(
    "div",
    { class: "place" },
    el("div", { class: "map", "aria-hidden": "true" }, icon("pin")),
    el(
      "p",
      {},
      el("strong", { dir: "auto" }, name ?? "Location"),
      address ? el("span", { dir: "auto" }, address) : undefined,
      el("small", {}, `${latitude}, ${longitude}`),
    ),
  );

const interactive = (/** @type {any} */ said) => {
  const reply = said.button_reply ?? said.list_reply;
  if (reply)
    return [
      el("p", { class: "words", dir: "auto" }, reply.title),
      ...(reply.description ? [el("small", { class: "description" }, reply.description)] : []),
    ];
  return [
    ...(said.header?.text
      ? [el("p", { class: "heading", dir: "auto" }, el("strong", {}, said.header.text))]
      : []),
    ...(said.body?.text ? [words(said.body.text)] : []),
    ...(said.footer?.text ? [el("small", { class: "description" }, said.footer.text)] : []),
  ];
};
