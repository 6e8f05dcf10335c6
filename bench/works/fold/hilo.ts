import { fold, initial } from "../../../packages/core/domain/conversation.ts";
import { folding } from "./folds.ts";

export const contender = folding((events) => fold(initial, events));
