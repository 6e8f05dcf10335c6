// Where the customer writes: text, replies, corrections, files, places.
import { attempt, request, send } from "./api.js";
import { inAWord } from "./content.js";
import { ask } from "./dialogs.js";
import { byId, el, icon, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { record } from "./voice.js";

/** @param {{ current: () => any }} options `current` is the customer whose phone is shown. */
export const composerView = ({ current }) => {
  const input = byId("message");
  const about = byId("about");
  /** What was begun to be written, for each customer. @type {Map<string, { text: string, mode?: any }>} */
  const drafts = new Map();
  /** @type {{ kind: "reply" | "edit", message: any } | undefined} */
  let mode;

  byId("attach").append(icon("attach"));
  byId("send").append(icon("send"));
  about.querySelector("button").append(icon("close"));

  const fit = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
  };
  /** @param {typeof mode} next */
  const setMode = (next) => {
    if (mode?.kind === "edit" && next?.kind !== "edit") input.value = "";
    mode = next;
    about.hidden = !next;
    about
      .querySelector("p")
      .replaceChildren(
        ...(next
          ? [
              el("strong", {}, next.kind === "edit" ? "Editing" : "Replying to"),
              el("span", { dir: "auto" }, inAWord(next.message)),
            ]
          : []),
      );
    if (next?.kind === "edit") input.value = next.message.content.text.body;
    fit();
  };
  const begin = (/** @type {"reply" | "edit"} */ kind) => (/** @type {any} */ message) => {
    setMode({ kind, message });
    input.focus();
  };

  /** @param {any} action */
  const act = (action) => attempt(() => send(`customers/${current().id}/actions`, action));
  /** @returns {Record<string, string>} */
  const replyTo = () => (mode?.kind === "reply" ? { replyTo: mode.message.wamid } : {});

  const submit = async () => {
    const text = input.value.trim();
    if (!text) return;
    const action =
      mode?.kind === "edit"
        ? { type: "edit", original: mode.message.wamid, text }
        : { type: "text", text, ...replyTo() };
    const written = input.value;
    const { id } = current();
    input.value = "";
    setMode(undefined);
    if (!(await act(action)) && current().id === id && !input.value) input.value = written;
    fit();
  };

  /** @param {Blob} blob @param {Record<string, string>} details */
  const upload = async (blob, details) => {
    const query = new URLSearchParams({ ...details, ...replyTo() });
    const sent = await attempt(() =>
      request(`customers/${current().id}/files?${query}`, { method: "POST", body: blob }),
    );
    if (sent) setMode(undefined);
  };
  /** @param {"image" | "document"} kind @param {string} accept */
  const pick = (kind, accept) => {
    const chooser = /** @type {HTMLInputElement} */ (
      el("input", { type: "file", accept, class: "unseen", "aria-label": "File" })
    );
    chooser.addEventListener("change", () => {
      const file = chooser.files?.[0];
      if (file && file.size > 16 * 1024 * 1024) toast("Files may have at most 16 MB.");
      else if (file) void sendFile(kind, file);
      chooser.remove();
    });
    chooser.addEventListener("cancel", () => chooser.remove());
    document.body.append(chooser);
    chooser.click();
  };
  /** What stands in the message box becomes the caption. @param {"image" | "document"} kind @param {File} file */
  const sendFile = async (kind, file) => {
    const caption = input.value.trim().slice(0, 1_024);
    await upload(file, { kind, filename: file.name, ...(caption && { caption }) });
    if (caption) input.value = "";
    fit();
  };
  /** @param {string} name @param {Record<string, string>} details */
  const sample = async (name, details) =>
    upload(await (await fetch(`/simulator/page/${name}`)).blob(), { ...details, filename: name });

  byId("attach").addEventListener("click", (/** @type {Event} */ event) =>
    openMenu(/** @type {HTMLElement} */ (event.currentTarget), {
      label: "Attach",
      items: [
        {
          label: "Photo…",
          icon: icon("picture"),
          run: () => pick("image", "image/jpeg,image/png,image/webp"),
        },
        { label: "Document…", icon: icon("document"), run: () => pick("document", "") },
        {
          label: "Record a voice note…",
          icon: icon("voice"),
          run: () => void record((blob) => upload(blob, { kind: "voice" })),
        },
        {
          label: "Location…",
          icon: icon("pin"),
          run: () => askLocation((location) => act({ type: "location", ...location, ...replyTo() })),
        },
        {
          label: "Sample photo",
          icon: icon("picture"),
          hint: "a receipt",
          run: () => void sample("sample-receipt.png", { kind: "image" }),
        },
        {
          label: "Sample document",
          icon: icon("document"),
          hint: "an order, as PDF",
          run: () => void sample("sample-order.pdf", { kind: "document" }),
        },
        {
          label: "Sample voice note",
          icon: icon("voice"),
          hint: "two seconds of a tune",
          run: () => void sample("sample-voice-note.ogg", { kind: "voice" }),
        },
      ],
    }),
  );
  byId("composer").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    void submit();
  });
  about.querySelector("button").addEventListener("click", () => (setMode(undefined), input.focus()));
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void submit();
    } else if (event.key === "Escape" && mode) setMode(undefined);
  });
  input.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    void sendFile(file.type.startsWith("image/") ? "image" : "document", file);
  });

  return {
    act,
    replyTo: begin("reply"),
    edit: begin("edit"),
    /** Puts one customer's draft away and takes out another's. @param {string | undefined} from @param {string} to */
    change(from, to) {
      if (from) drafts.set(from, { text: input.value, mode });
      const draft = drafts.get(to);
      mode = undefined;
      input.value = "";
      setMode(draft?.mode);
      input.value = draft?.text ?? "";
      fit();
    },
  };
};

/** @param {(location: any) => Promise<unknown>} done */
const askLocation = (done) =>
  ask(
    {
      title: "Send a location",
      submit: "Send",
      fields: [
        { name: "name", label: "Name", value: "Mercat Central" },
        { name: "address", label: "Address", value: "Plaça de la Ciutat de Bruges, València" },
        { name: "latitude", label: "Latitude", value: "39.4736", required: true },
        { name: "longitude", label: "Longitude", value: "-0.3790", required: true },
      ],
    },
    async ({ name, address, latitude, longitude }) => {
      const [north, east] = [Number(latitude), Number(longitude)];
      if (!(Math.abs(north) <= 90 && Math.abs(east) <= 180))
        throw new Error("Latitude goes from -90 to 90, longitude from -180 to 180.");
      await done({ latitude: north, longitude: east, ...(name && { name }), ...(address && { address }) });
    },
  );
