import * as z from "zod";

/** As customers write it, such as A-1042. */
export const orderId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/);
