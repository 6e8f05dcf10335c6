/** What a command of `hilo` is, how its arguments are read, and what `--help` says of it. */
import { parseArgs } from "node:util";
import { readConfig, type Config } from "#core/config.ts";
import { aligned } from "./aligned.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { output, paint, type Output } from "./output.ts";

export type Option = {
  type: "string" | "boolean";
  short?: string;
  multiple?: boolean;
  /** What a string option takes, for `--help`. */
  value?: string;
  about: string;
};
type Options = Record<string, Option>;

const common = {
  json: { type: "boolean", about: "print JSON for programs on stdout, and nothing else there" },
  "data-dir": {
    type: "string",
    value: "directory",
    about: "where Hilo keeps its data, instead of HILO_DATA_DIR",
  },
  help: { type: "boolean", short: "h", about: "say this" },
} as const satisfies Options;

type Values<Own extends Options> = ReturnType<typeof parseArgs<{ options: Own & typeof common }>>["values"];

/** 0: all is well. 1: the command has found a problem, and said which. */
type ExitCode = number;

export type Input<Own extends Options> = { values: Values<Own>; positionals: string[]; out: Output };

export type Spec<Own extends Options> = {
  name: string;
  about: string;
  /** `<needed>`, `[optional]`, `<several…>`. */
  positionals?: readonly string[];
  options: Own;
  /** Command lines without `hilo <name>`, and what each does. */
  examples: readonly (readonly [string, string])[];
  run(input: Input<Own>): Promise<ExitCode>;
};

export type Command = { run(argv: readonly string[]): Promise<ExitCode> };

/** Throws `UsageError` on arguments that are not the command's. */
export const command = <const Own extends Options>(spec: Spec<Own>): Command => ({
  async run(argv) {
    const options: Options = { ...spec.options, ...common };
    const { values, positionals } = read(argv, options);
    const out = output({ json: values["json"] === true });
    if (values["help"]) {
      console.log(help(spec, options));
      return 0;
    }
    checkCount(spec, positionals);
    return spec.run({ values: values as Values<Own>, positionals, out });
  },
});

/** The settings, with what the command line says instead. */
export const settings = (values: { "data-dir"?: string | undefined }): Config => {
  const config = readConfig();
  return values["data-dir"] ? { ...config, HILO_DATA_DIR: values["data-dir"] } : config;
};

/** A whole number that an option was given. Throws `UsageError`. */
export const wholeNumber = (name: string, text: string | undefined, fallback: number): number => {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} takes a whole number`);
  return Number(text);
};

/** `--limit`, of so many where it is not given. */
export const limitOption = (limitDefault: number) =>
  ({ type: "string", value: "number", about: `how many at most, ${limitDefault} by default` }) as const;

/** How many at most, from 1 on. Throws `UsageError`. */
export const limitOf = (text: string | undefined, fallback: number): number => {
  const limit = wholeNumber("limit", text, fallback);
  if (limit === 0) throw new UsageError("--limit takes a whole number from 1 on");
  return limit;
};

const read = (argv: readonly string[], options: Options) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const [, unknown] = /^Unknown option '(-[^']*)'/.exec((error as Error).message) ?? [];
    const meant =
      unknown &&
      nearest(
        unknown,
        Object.keys(options).map((option) => `--${option}`),
      );
    const reason = unknown
      ? `there is no option ${unknown}${meant ? `; did you mean ${meant}?` : ""}`
      : (error as Error).message.split(". ", 1).join("");
    throw new UsageError(reason);
  }
};

const checkCount = ({ positionals: wanted = [] }: Spec<Options>, given: readonly string[]): void => {
  const missing = wanted.filter((positional) => positional.startsWith("<"))[given.length];
  if (missing) throw new UsageError(`${missing} is missing`);
  const surplus = wanted.at(-1)?.includes("…") ? undefined : given[wanted.length];
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is one argument too many`);
};

const help = ({ name, about, positionals = [], examples }: Spec<Options>, options: Options): string => {
  const bold = (text: string) => paint("bold", text);
  const shown = Object.entries(options).map(([option, { short, value, about: does }]) => [
    `${short ? `-${short}, ` : ""}--${option}${value ? ` <${value}>` : ""}`,
    does,
  ]);
  return [
    about,
    "",
    `${bold("Usage")}  hilo ${[name, ...positionals, "[options]"].join(" ")}`,
    "",
    bold("Options"),
    ...aligned(shown),
    "",
    bold("Examples"),
    ...aligned(examples.map(([line, does]) => [`hilo ${name} ${line}`.trimEnd(), does])),
  ].join("\n");
};
