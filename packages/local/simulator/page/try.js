// What is worth trying, beyond writing a message.
import { attempt, send } from "./api.js";
import { ask } from "./dialogs.js";
import { byId } from "./dom.js";
import { openMenu } from "./menu.js";

const fragments = {
  es: "Hola\nuna pregunta\n¿tenéis pan sin gluten?",
  en: "Hi\na question\ndo you have gluten-free bread?",
};

/**
 * @param {{ current: () => any, isHeld: () => boolean, metaAgent: (holds: boolean) => void }} options `current` is
 *   the customer whose phone is shown, `isHeld` whether Meta's agent answers there.
 */
export const tryMenu = ({ current, isHeld, metaAgent }) => {
  /** @param {any} action */
  const act = (action) => send(`customers/${current().id}/actions`, action);

  const burst = () =>
    ask(
      {
        title: "Several messages in a row",
        submit: "Send all",
        fields: [
          {
            name: "texts",
            label: "One message per line",
            rows: 5,
            required: true,
            maxlength: 4_000,
            value: fragments[current().userId.startsWith("ES.") ? "es" : "en"],
          },
        ],
      },
      ({ texts }) => {
        const lines = texts
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean);
        if (lines.length < 2 || lines.length > 10) throw new Error("Two to ten lines, please.");
        return act({ type: "burst", texts: lines });
      },
    );

  const answer = () =>
    ask(
      {
        title: "Answer from the business's phone",
        intro: "As if somebody at the business picked up their own phone. Hilo hears of it by an echo.",
        submit: "Send",
        fields: [{ name: "text", label: "Answer", rows: 3, required: true, maxlength: 4_000 }],
      },
      ({ text }) => act({ type: "business-answers", text }),
    );

  byId("try").addEventListener("click", (/** @type {Event} */ { currentTarget }) =>
    openMenu(/** @type {HTMLElement} */ (currentTarget), {
      label: "Try",
      items: [
        { label: "Several messages in a row…", hint: "one answer should come, not several", run: burst },
        { label: "Answer from the business's phone…", hint: "the bot should fall silent", run: answer },
        isHeld()
          ? {
              label: "Meta's Business Agent hands over",
              hint: "Hilo answers again",
              run: () => metaAgent(false),
            }
          : {
              label: "Meta's Business Agent takes the chat",
              hint: "Hilo should listen, and not answer",
              run: () => metaAgent(true),
            },
        {
          label: "Deliver the last webhook again",
          hint: "nothing should double",
          run: () => void attempt(() => act({ type: "redeliver" })),
        },
      ],
    }),
  );
};
