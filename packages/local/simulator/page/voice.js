// Records a voice note, where the browser has a microphone and the person allows it.
import { el, toast } from "./dom.js";
import { show } from "./dialogs.js";

/** @param {(blob: Blob) => Promise<void>} done */
export const record = async (done) => {
  const wanted = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"].find((type) =>
    globalThis.MediaRecorder?.isTypeSupported(type),
  );
  const microphone =
    wanted && (await navigator.mediaDevices?.getUserMedia({ audio: true }).catch(() => undefined));
  if (!microphone) return toast("No microphone can be used here. Send the sample voice note instead.");
  const recorder = new MediaRecorder(microphone, { mimeType: wanted });
  /** @type {Blob[]} */
  const parts = [];
  let isWanted = false;
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    for (const track of microphone.getTracks()) track.stop();
    if (isWanted) void done(new Blob(parts, { type: wanted }));
  });
  const finish = () => {
    isWanted = true;
    dialog.close();
  };
  const time = el("p", { class: "recording-time", role: "timer" }, "0:00");
  const dialog = show(
    "Recording…",
    time,
    el(
      "div",
      { class: "choices" },
      el("button", { type: "button", class: "main option", onclick: finish }, "Send voice note"),
    ),
  );
  const from = Date.now();
  const clock = setInterval(() => {
    const seconds = Math.floor((Date.now() - from) / 1_000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 250);
  dialog.addEventListener("close", () => {
    clearInterval(clock);
    recorder.stop();
  });
  recorder.start();
};
