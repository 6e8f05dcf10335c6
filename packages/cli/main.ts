/** `hilo`: finds the command and runs it. Exit codes: 0 all is well, 1 a problem was found, 2 wrongly called. */
import { aligned } from "./aligned.ts";
import { commands } from "./commands.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { escape, paint } from "./output.ts";

/** How far the command is known, to say whose help helps. */
let called = ["hilo"];

const run = async (argv: readonly string[]): Promise<number> => {
  const [first = "", second = ""] = argv;
  for (const [name, rest] of [
    [`${first} ${second}`, argv.slice(2)],
    [first, argv.slice(1)],
  ] as const) {
    const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!found) continue;
    called = ["hilo", name];
    return (await found.load()).run(rest);
  }
  if (first === "" || first === "help" || first === "--help" || first === "-h") {
    console.log(overview(Object.keys(commands)));
    return 0;
  }
  return runGroup(first, second);
};

/** `hilo dlq`, which needs one word more. */
const runGroup = (first: string, second: string): number => {
  const group = Object.keys(commands).filter((name) => name.startsWith(`${first} `));
  if (group.length === 0)
    throw new UsageError(
      unknown(
        first,
        Object.keys(commands).map((name) => name.split(" ")[0] ?? ""),
      ),
    );
  if (second !== "" && !second.startsWith("-")) throw new UsageError(unknown(`${first} ${second}`, group));
  console.log(overview(group));
  return second === "--help" || second === "-h" ? 0 : 2;
};

const unknown = (word: string, words: readonly string[]): string => {
  const meant = nearest(word, words);
  return `there is no command "${escape(word)}"${meant ? `; did you mean hilo ${meant}?` : ""}`;
};

const overview = (names: readonly string[]): string =>
  [
    "Hilo on this machine: what it recorded, how it fares, and what a customer would see.",
    "",
    `${paint("bold", "Usage")}  hilo <command> [options]`,
    "",
    paint("bold", "Commands"),
    ...aligned(names.map((name) => [name, commands[name]?.about ?? ""])),
    "",
    "hilo <command> --help explains one, with examples. npm start runs Hilo.",
  ].join("\n");

// Whoever reads us may stop early: `hilo events … | head`.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { explain } = await import("./explain.ts");
  const { message, code } = explain(error);
  process.stderr.write(`hilo: ${message}${code === 2 ? ` (see ${called.join(" ")} --help)` : ""}\n`);
  process.exitCode = code;
}
