/** Kinds of settings. Functions, so that a Lambda makes no schema that it doesn't need: it is time of a cold start. */
import * as z from "zod";

/** Items between commas; spaces around them and empty ones don't count. */
export const list = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string("expected a list, separated by commas")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item));

export const wholeNumber = (least: number, most: number) => {
  const wanted = `expected a whole number from ${least} to ${most}`;
  return z
    .string(wanted)
    .regex(/^\d{1,9}$/, wanted)
    .transform(Number)
    .refine((number) => number >= least && number <= most, wanted);
};

export const usd = () => {
  const wanted = "expected US dollars such as 0.25";
  return z
    .string(wanted)
    .regex(/^\d{1,6}(\.\d{1,4})?$/, wanted)
    .transform(Number);
};

export const secret = (charactersMin = 8) => {
  const wanted = `expected at least ${charactersMin} characters`;
  return z.string(wanted).min(charactersMin, wanted);
};

/** A second one while it replaces the first. */
export const oneSecretOrTwo = () => {
  const wanted = "expected one secret, or two separated by a comma";
  return list(secret()).pipe(z.array(z.string()).min(1, wanted).max(2, wanted));
};

/** Of a phone number, as Meta names it. */
export const phoneNumberId = () =>
  z.string().regex(/^[A-Za-z0-9_]{1,64}$/, "expected letters, digits and _, at most 64");

export const httpUrl = (wanted = "expected an http(s) URL") => z.url({ protocol: /^https?$/, error: wanted });

export const graphVersion = () => {
  const wanted = "expected a version such as v26.0";
  return z.string(wanted).regex(/^v\d{1,3}\.\d$/, wanted);
};

/** Of AWS. */
export const region = () =>
  z.string().regex(/^[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d$/, "expected a region such as us-east-1");
