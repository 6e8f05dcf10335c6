import { project, type ProjectDeps } from "#core/store/project.ts";
import type { View } from "#core/views/view.ts";
import { eachEvent, type QueueHandler } from "./each-event.ts";
import type { Log } from "./log.ts";

/** Keeps a view: each event brings its conversation's items up to date, unless they are already. */
export const projectEach =
  <Item>(view: View<Item>) =>
  (deps: ProjectDeps & { log: Log }): QueueHandler =>
    eachEvent(deps.log, async ({ detail }) => {
      await project(deps, view, detail.stream, { atLeast: detail.version });
    });
