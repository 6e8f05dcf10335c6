import { project, type ProjectDeps } from "#core/store/project.ts";
import type { View } from "#core/views/view.ts";
import { eachEvent, type EachEventDeps, type QueueHandler } from "./each-event.ts";

/** Keeps a view: each event brings its conversation's items up to date, unless they are already. */
export const projectEach =
  <Item>(view: View<Item>) =>
  (deps: ProjectDeps & EachEventDeps): QueueHandler =>
    eachEvent(deps, async ({ detail }) => {
      await project(deps, view, detail.stream, { atLeast: detail.version });
    });
