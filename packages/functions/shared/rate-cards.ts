import { readFile } from "node:fs/promises";
import * as z from "zod";
import { builtInRateCards, RateCard } from "#core/clients/whatsapp/rate-card.ts";

/** The rate cards can't be used: the message says which file, and why. */
export class RateCardError extends Error {
  override name = "RateCardError";
}

/** Those of a file, or those that come with Hilo. Throws a `RateCardError`. */
export const loadRateCards = async (file: string): Promise<readonly RateCard[]> => {
  if (file === "") return builtInRateCards;
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) throw new RateCardError(`HILO_RATE_CARD: there is no file ${file}`);
  const parsed = z.array(RateCard).min(1).safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new RateCardError(`HILO_RATE_CARD: ${file}: ${wrong.join("; ")}`);
};

const parseJson = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new RateCardError(`HILO_RATE_CARD: ${file} is not JSON`);
  }
};
