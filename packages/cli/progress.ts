/** A bar on stderr, where that is a terminal: results stay clean, and logs stay short. */
import type { Progress } from "#core/store/conversations.ts";

export type ProgressBar = { progress: Progress; end(): void };

const everyMs = 50;
const cells = 24;

export const progressBar = (
  label: string,
  noun = "commits",
  stream: NodeJS.WriteStream = process.stderr,
): ProgressBar => {
  let shownAt = 0;
  return {
    progress(done, total) {
      const now = performance.now();
      if (!stream.isTTY || (now - shownAt < everyMs && done < total)) return;
      shownAt = now;
      stream.write(`\r\u001b[K${line(label, done, total)} ${noun}`);
    },
    end() {
      if (stream.isTTY && shownAt > 0) stream.write("\r\u001b[K");
    },
  };
};

const line = (label: string, done: number, total: number): string => {
  const part = total > 0 ? done / total : 1;
  const full = Math.round(part * cells);
  return `${label} ${"█".repeat(full)}${"░".repeat(cells - full)} ${Math.floor(part * 100)} % of ${total}`;
};
