/** MiniStack, an emulator of AWS in Python: from PyPI, pinned with all that it needs, in a folder of its own. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, openSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const requirements = path.join(import.meta.dirname, "requirements.txt");
const cache = path.resolve(import.meta.dirname, "../../../node_modules/.cache/ministack");
const startTimeoutMs = 60_000;
const run = promisify(execFile);

export type Ministack = {
  endpoint: string;
  /** Its process and the group of all that it starts: Lambdas run as processes of `node`. */
  pid: number;
  logFile: string;
  /** Ends it and all that it started. It ends too when this process does. */
  stop(): Promise<void>;
};

/** The account's root, who may do everything. Everyone else has what IAM gives. */
export const rootCredentials = { accessKeyId: "root-of-nothing", secretAccessKey: "secret-of-nothing" };

/**
 * Starts it on a free port, empty, and only for this machine. Its Bedrock passes on to `modelUrl`, which answers as
 * OpenAI's chat completions do. Throws an error that says what is missing here.
 */
export const startMinistack = async ({ modelUrl }: { modelUrl?: string } = {}): Promise<Ministack> => {
  const python = await installed();
  const folder = await mkdtemp(path.join(tmpdir(), "hilo-ministack-"));
  const logFile = path.join(folder, "log");
  const port = await freePort();
  const log = openSync(logFile, "a");
  const server = spawn(python, [path.join(import.meta.dirname, "start.py")], {
    env: { ...environment(folder, port), ...(modelUrl && { MINISTACK_BEDROCK_PROXY_URL: modelUrl }) },
    stdio: ["pipe", log, log],
    detached: true,
  });
  const started = {
    endpoint: `http://127.0.0.1:${port}`,
    pid: server.pid ?? 0,
    logFile,
    async stop() {
      const ended = server.exitCode === null ? once(server, "exit") : undefined;
      server.stdin?.end();
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  await untilReady(started, server);
  return started;
};

const environment = (folder: string, port: number): NodeJS.ProcessEnv => ({
  // Lambdas of every Node runtime run on the first `node` of the path: this one.
  PATH: [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter),
  HOME: folder,
  TMPDIR: folder,
  GATEWAY_PORT: String(port),
  BIND_HOST: "127.0.0.1",
  MINISTACK_HOST: "127.0.0.1",
  MINISTACK_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: rootCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: rootCredentials.secretAccessKey,
  // Signatures are verified, and policies hold.
  AUTH: "true",
  LAMBDA_EXECUTOR: "local",
  IOT_MTLS_ENABLED: "0",
  SFTP_ENABLED: "0",
  PYTHONUNBUFFERED: "1",
  LOG_LEVEL: "WARNING",
});

/** The path of a Python that has MiniStack, made once for each content of requirements.txt. */
const installed = async (): Promise<string> => {
  const hash = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(cache, hash);
  const python = path.join("bin", "python");
  if (existsSync(folder)) return path.join(folder, python);
  await checkPython();
  console.log("Installing MiniStack from PyPI (once)…");
  const half = `${folder}-${process.pid}`;
  await rm(half, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await run("python3", ["-m", "venv", half]).catch(cannot("make a virtual environment"));
  const options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"];
  await run(path.join(half, python), ["-m", "pip", "install", ...options, "-r", requirements]).catch(
    cannot("install MiniStack"),
  );
  await rename(half, folder);
  return path.join(folder, python);
};

const checkPython = async (): Promise<void> => {
  const script = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
  await run("python3", ["-c", script]).catch(() => {
    throw new Error(
      "the tests on the emulator of AWS need python3, 3.11 or newer, with venv: on Debian, apt-get install python3-venv",
    );
  });
};

const cannot = (what: string) => (error: Error & { stderr?: string }) => {
  throw new Error(`Python could not ${what}:\n${error.stderr ?? error.message}`);
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (typeof address !== "object" || !address) throw new Error("no port is free");
  return address.port;
};

const untilReady = async ({ endpoint, logFile, stop }: Ministack, server: ChildProcess): Promise<void> => {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline && server.exitCode === null) {
    const isUp = await fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  const said = await readFile(logFile, "utf8");
  await stop();
  throw new Error(`MiniStack did not start. It said:\n${said}`);
};
