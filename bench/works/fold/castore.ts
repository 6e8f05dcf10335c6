import { castoreStore, eventDetail } from "../../peers/castore.ts";
import { folding } from "./folds.ts";

const store = castoreStore();

export const contender = folding(
  (events) =>
    store.buildAggregate(
      events.map((event) => eventDetail(event.stream, event.version, event, event.at)) as never,
    ) as never,
  { largestOnce: true },
);
