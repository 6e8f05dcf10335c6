import { ConfigError, unknownSettings, type Config } from "#core/config.ts";
import { checkData } from "../check-data.ts";
import { checkKnowledge, checkPort } from "../check-surroundings.ts";
import { checkQueues } from "../check-queues.ts";
import type { Finding } from "../finding.ts";
import { command, settings } from "../command.ts";
import { mark } from "../marks.ts";
import { escape } from "../output.ts";

const nodeMajorMin = 24;

export const doctor = command({
  name: "doctor",
  about: "Looks for what is wrong with this installation, and says what to do about it.",
  options: {},
  examples: [
    ["", "look; exit code 1 when anything is broken"],
    ["--json | jq 'select(.level != \"ok\")'", "only what needs attention"],
  ],
  async run({ values, out }) {
    let broken = false;
    for await (const finding of findings(() => settings(values))) {
      const { level, what, todo } = finding;
      broken ||= level === "bad";
      out.value(finding);
      out.text(`${mark(level)} ${escape(what)}`);
      if (todo) out.text(`    ${escape(todo)}`);
    }
    return broken ? 1 : 0;
  },
});

async function* findings(readSettings: () => Config): AsyncGenerator<Finding> {
  yield checkNode();
  let config: Config;
  try {
    config = readSettings();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const what of error.message.split("\n"))
      yield { level: "bad", what, todo: "Correct this setting; the other checks wait for it." };
    return;
  }
  yield { level: "ok", what: "the settings are valid" };
  for (const name of unknownSettings())
    yield {
      level: "warning",
      what: `${name} is no setting of Hilo's`,
      todo: "Is it misspelt? npm start lists them all.",
    };
  yield* checkData(config);
  yield await checkKnowledge(config);
  yield await checkPort(config);
  yield* checkQueues(config);
}

const checkNode = (): Finding => {
  const what = `Node ${process.versions.node}`;
  return Number(process.versions.node.split(".")[0]) >= nodeMajorMin
    ? { level: "ok", what }
    : {
        level: "bad",
        what,
        todo: `Hilo needs Node ${nodeMajorMin}: start it with npm start or npx hilo, which bring it along.`,
      };
};
