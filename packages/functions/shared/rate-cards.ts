import * as z from "zod";
import { readSettingFile } from "#core/clients/setting-file.ts";
import { builtInRateCards, RateCard } from "#core/clients/whatsapp/rate-card.ts";

/** Those of a file, or those that come with Hilo. Throws a `SettingFileError`. */
export const loadRateCards = async (file: string): Promise<readonly RateCard[]> =>
  file === "" ? builtInRateCards : readSettingFile("HILO_RATE_CARD", file, z.array(RateCard).min(1));
