const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const timeCharacters = 10;
/** Of a day with four digits for the year. */
const dateMax = Date.parse("9999-12-31T23:59:59.999Z");

/** The day (UTC) on which a ULID was made; undefined for any other id. */
export const dayOfId = (id: string): string | undefined => {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)) return undefined;
  let ms = 0;
  for (const digit of id.slice(0, timeCharacters)) ms = ms * 32 + alphabet.indexOf(digit);
  return ms > dateMax ? undefined : new Date(ms).toISOString().slice(0, "YYYY-MM-DD".length);
};
