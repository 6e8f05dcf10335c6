import { execFile } from "node:child_process";
import { promisify } from "node:util";

const main = new URL("../../packages/cli/main.ts", import.meta.url).pathname;

/** What `hilo --help` and the help of each command say. */
export const cliPage = async (): Promise<string> => {
  const overview = await help();
  const names = commandNames(overview);
  const helps = await Promise.all(names.map((name) => help(...name.split(" "))));
  return [
    introduction,
    fenced(overview),
    ...names.map((name, index) => `## hilo ${name}\n\n${fenced(helps[index] ?? "")}`),
  ].join("\n");
};

const introduction = `<!-- Generated from \`hilo --help\` by \`npm run generate\`. -->

# The command line

\`npx hilo <command>\` in this folder, or \`npm run hilo -- <command>\`, which also installs what is missing.
The commands work on the data directory (\`HILO_DATA_DIR\`), whether Hilo runs or not. Only \`hilo send\` needs it running.

- Results go to stdout, everything else to stderr. With \`--json\`, stdout has one JSON value per line.
- Exit codes: 0 all is well, 1 a problem was found, 2 the command was wrongly called.
- Text of customers is escaped, so that it cannot drive your terminal.
- Colours appear only on a terminal, and never with \`NO_COLOR\`.
`;

const help = async (...command: string[]): Promise<string> => {
  const args = ["--disable-warning=ExperimentalWarning", main, ...command, "--help"];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return stdout.trimEnd();
};

/** The first column under "Commands", which two spaces or more end. */
const commandNames = (overview: string): string[] => {
  const [, list = ""] = overview.split("\nCommands\n");
  const [lines = ""] = list.split("\n\n");
  return lines.split("\n").map((line) => line.trim().split("  ", 1).join(""));
};

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\`\n`;
