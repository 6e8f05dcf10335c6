import { reading } from "./rows.ts";

export const contender = reading(1);
