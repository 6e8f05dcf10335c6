import { fold, initial } from "../../../packages/core/domain/conversation.ts";
import { knows, type Seen } from "../../../packages/core/domain/seen.ts";
import { folding } from "./folds.ts";

export const contender = folding((events) => fold(initial, events), {
  knows: (seen, id) => knows(seen as Seen, id),
});
