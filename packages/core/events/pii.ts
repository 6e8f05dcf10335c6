import * as z from "zod";

const personal = z.registry<{ personal: true }>();

/**
 * Marks a string as personal data: the store's codec encrypts it with the contact's own key.
 * Apply it last (`pii(z.string().min(1))`): a check added afterwards makes an unmarked copy.
 * Strings only, and without a format or a greatest length: what is read is validated as it is stored, encrypted, and
 * an erased value reads as `ERASED`.
 */
export const pii = <Schema extends z.ZodString>(schema: Schema): Schema => {
  personal.add(schema, { personal: true });
  return schema;
};

export const isPii = (schema: z.core.$ZodType): boolean => personal.has(schema);

/** What a personal field reads as once its person's key is destroyed. */
export const ERASED = "[erased]";
