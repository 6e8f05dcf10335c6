import * as z from "zod";
import { eraseContact, type Erased, type EraseContactDeps } from "./erase-contact.ts";

const Request = z.strictObject({
  contactId: z.string().regex(/^[0-9A-Z]{26}$/, "expected a contact id"),
});

/** Erases the contact that is named; answers nothing for one that never was. Throws on any other request. */
export const eraseOnRequest =
  (deps: EraseContactDeps) =>
  async (request: unknown): Promise<Partial<Erased>> => {
    const parsed = Request.safeParse(request);
    // not zod's own words: a request that is wrong may hold a person's number
    if (!parsed.success) throw new TypeError('expected {"contactId":"…"} and nothing else');
    return (await eraseContact(deps, parsed.data.contactId)) ?? {};
  };
