// Who holds the conversation, and the buttons to change that.
import { byId, el } from "./dom.js";

/** @param {{ can: (decision: string) => boolean, change: (owner: "bot" | "person") => Promise<unknown> }} person */
export const ownerView = ({ can, change }) => {
  /** @param {string} label @param {"bot" | "person"} to */
  const button = (label, to) => {
    const made = /** @type {HTMLButtonElement} */ (
      el("button", { type: "button", class: "plain", onclick: () => void press() }, label)
    );
    const press = async () => {
      made.disabled = true;
      await change(to);
      made.disabled = false;
    };
    return made;
  };
  const takeOver = button("Take over", "person");
  const handBack = button("Hand back to the bot", "bot");
  byId("owner").append(takeOver, handBack);

  /** @type {string | undefined} */
  let state;
  const offer = () => {
    const hadFocus = takeOver === document.activeElement || handBack === document.activeElement;
    takeOver.hidden = !can("takeOver") || !["bot", "needs-human"].includes(state ?? "");
    handBack.hidden = !can("resumeBot") || !["human", "needs-human"].includes(state ?? "");
    if (hadFocus) [takeOver, handBack].find(({ hidden }) => !hidden)?.focus();
  };
  offer();
  return {
    offer,
    /** @param {string | undefined} next The conversation's state; undefined before there is one. */
    show(next) {
      state = next;
      offer();
    },
  };
};
