/** A person at the agent desk takes a conversation, or gives it back to the bot. */
import { decideResumeBot, decideTakeOver } from "#core/domain/ownership.ts";
import { handle, type Handled, type HandleDeps } from "#core/store/handle.ts";

type By = { by: string };

export const takeOver = (deps: HandleDeps, stream: string, { by }: By): Promise<Handled> =>
  handle(deps, stream, (state) => decideTakeOver(state, { by }));

export const resumeBot = (deps: HandleDeps, stream: string, { by }: By): Promise<Handled> =>
  handle(deps, stream, (state) => decideResumeBot(state, { by }));
