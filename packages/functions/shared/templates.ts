import * as z from "zod";
import { readSettingFile } from "#core/clients/setting-file.ts";
import type { Template } from "#core/domain/templates.ts";

const Templates = z.array(
  z.strictObject({
    /** As Meta approved it. */
    name: z.string().regex(/^[a-z0-9_]{1,512}$/, "expected Meta's name: small letters, digits and _"),
    /** Meta's code of the language it was approved in, such as `es` or `en_US`. */
    language: z.string().regex(/^[a-z]{2}(_[A-Z]{2})?$/, "expected a code such as es or en_US"),
    /** What fills the body's placeholders, in order. */
    parameters: z.array(z.enum(["contact-name"])).default([]),
  }),
);

/** The templates that may be sent when the service window is closed. None without a file. Throws a `SettingFileError`. */
export const loadTemplates = async (file: string): Promise<readonly Template[]> =>
  file === "" ? [] : readSettingFile("HILO_TEMPLATES", file, Templates);
