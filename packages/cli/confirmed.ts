import { UsageError } from "./errors.ts";

/** Asks, and takes no answer for a no. Throws `UsageError` where there is no terminal to ask at. */
export const confirmed = async (message: string): Promise<boolean> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageError("without a terminal to ask at, --yes is needed");
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message, initialValue: false, output: process.stderr })) === true;
};
