import type { Work } from "../harness/work.ts";
import { work as appendSqlite } from "./append-sqlite/work.ts";
import { work as append } from "./append/work.ts";
import { work as contention } from "./contention/work.ts";
import { work as fold } from "./fold/work.ts";
import { work as lambda } from "./lambda/work.ts";
import { work as load } from "./load/work.ts";
import { work as rebuildDynamodb } from "./rebuild-dynamodb/work.ts";
import { work as rebuildSqlite } from "./rebuild-sqlite/work.ts";
import { work as validate } from "./validate/work.ts";
import { work as webhook } from "./webhook/work.ts";

/** In the order of the report. */
export const works: readonly Work[] = [
  append,
  contention,
  appendSqlite,
  fold,
  load,
  rebuildSqlite,
  rebuildDynamodb,
  validate,
  webhook,
  lambda,
];
