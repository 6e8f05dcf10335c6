import type { EventOf } from "../events/conversation.ts";

/** The flow that a conversation is in. */
export type ActiveDialog = Pick<EventOf<"DialogEntered">["data"], "dialogId" | "flow" | "source"> & {
  /** What the next turn needs, as JSON; absent until the first turn is recorded. */
  state?: string;
  paused: boolean;
  /** When it was last spoken of. */
  at: string;
};

/** The fold of a dialog's events into the state. */
export const evolveDialog = (
  state: { dialog?: ActiveDialog },
  event: EventOf<"DialogEntered" | "DialogAdvanced" | "DialogPaused" | "DialogResumed" | "DialogLeft">,
  at: string,
): void => {
  if (event.type === "DialogEntered") {
    const { dialogId, flow, source } = event.data;
    state.dialog = { dialogId, flow, source, paused: false, at };
    return;
  }
  if (state.dialog?.dialogId !== event.data.dialogId) return;
  if (event.type === "DialogLeft") {
    delete state.dialog;
    return;
  }
  state.dialog.at = at;
  if (event.type === "DialogAdvanced") state.dialog.state = event.data.state;
  state.dialog.paused = event.type === "DialogPaused";
};
