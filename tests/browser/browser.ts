import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES = ["/usr/bin", "/Applications/Google Chrome.app/Contents/MacOS"];

/** The machine's own Chromium, or HILO_CHROMIUM; undefined where there is none, which in CI is a failure. */
export const chromiumPath = findChromium();

/** Use as `describe.skipIf(chromiumPath === undefined)`, so that a machine without a browser still passes. */
export function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("No Chromium here: install one, or set HILO_CHROMIUM.");
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    // It runs as root in CI, and shall talk to nobody but our server.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function findChromium(): string | undefined {
  const wanted = process.env["HILO_CHROMIUM"];
  const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), ...PLACES];
  const candidates = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const found = wanted ?? candidates.find(isExecutable);
  if (found !== undefined) return found;
  const message = "No Chromium here: install one, or set HILO_CHROMIUM.";
  if (process.env["CI"] !== undefined) throw new Error(message);
  console.log(`Browser tests are skipped. ${message}`);
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
