/**
 * Where a customer is billed as: Meta goes by the country calling code of their phone (Cloud API, "Pricing").
 * Calling codes are prefix-free (ITU-T E.164), so the first digits tell; a business-scoped user id begins with a country.
 */
import type { Conversation } from "./conversation.ts";

/** "+34", or "ES" where only a user id is known. */
export const marketOf = ({ phone, userId }: Conversation["contact"]): string | undefined => {
  if (phone && /^\d{7,15}$/.test(phone)) return `+${callingCode(phone)}`;
  return /^([A-Z]{2})\./.exec(userId ?? "")?.[1];
};

const callingCode = (phone: string): string => {
  if (/^[17]/.test(phone)) return phone.slice(0, 1);
  return phone.slice(0, twoDigits.test(phone) ? 2 : 3);
};

const twoDigits = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
