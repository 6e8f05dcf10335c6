import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const JAVA_MIN = 17;
const START_TIMEOUT_MS = 30_000;
const MAIN_CLASS = "software.amazon.dynamodb.services.local.main.ServerRunner";
const POM = path.join(import.meta.dirname, "pom.xml");
const CACHE = path.resolve(import.meta.dirname, "../../../node_modules/.cache/dynamodb-local");

type DynamodbLocal = { endpoint: string; stop: () => void };

/** Starts Amazon's DynamoDB Local, in memory, on a free port; answers a sentence where this machine cannot run it. */
export async function startDynamodbLocal(): Promise<DynamodbLocal | { unavailable: string }> {
  const missing = await findMissing();
  if (missing !== undefined) return { unavailable: missing };
  const libraries = await fetchLibraries();
  const port = await freePort();
  // Its native SQLite lies beside the jars, and it leaves a small file in the folder where it runs.
  const options = [`-Djava.library.path=${libraries}`, "-cp", path.join(libraries, "*"), MAIN_CLASS];
  const server = spawn("java", [...options, "-inMemory", "-disableTelemetry", "-port", String(port)], {
    cwd: libraries,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = (): void => void server.kill("SIGKILL");
  process.once("exit", stop);
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, server);
  return { endpoint, stop };
}

async function findMissing(): Promise<string | undefined> {
  const version = await output("java", ["-version"]);
  if (version === undefined) return "there is no Java on this machine";
  const major = Number(/version "(\d+)/.exec(version)?.[1]);
  if (!(major >= JAVA_MIN)) return `it needs Java ${JAVA_MIN} or newer`;
  if ((await output("mvn", ["--version"])) === undefined)
    return "there is no Maven on this machine to fetch it with";
  return undefined;
}

async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args);
    return stdout + stderr;
  } catch {
    return undefined;
  }
}

/** Answers the folder with the jars, fetching them once for each content of pom.xml. */
async function fetchLibraries(): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(POM))
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(CACHE, hash);
  if (existsSync(folder)) return folder;
  console.log("Fetching DynamoDB Local with Maven (once)…");
  const half = `${folder}-${process.pid}`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  const options = ["dependency:copy-dependencies", `-DoutputDirectory=${half}`, "-DincludeScope=runtime"];
  await promisify(execFile)("mvn", ["--batch-mode", "--quiet", "--file", POM, ...options]);
  await rename(half, folder);
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function untilItAnswers(endpoint: string, server: ChildProcess): Promise<void> {
  let said = "";
  server.stdout?.on("data", (chunk) => (said += String(chunk)));
  server.stderr?.on("data", (chunk) => (said += String(chunk)));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    // Any answer will do: unsigned requests are refused, but only by a server that is up.
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  server.kill("SIGKILL");
  throw new Error(`DynamoDB Local did not start. It said:\n${said}`);
}
