/** A person decides about a parked send: send it again, or drop it. */
import { decideResolveSend, type ResolveSend } from "#core/domain/send.ts";
import { handle, type Handled, type HandleDeps } from "#core/store/handle.ts";

export const resolveSend = (
  deps: HandleDeps,
  stream: string,
  command: Omit<ResolveSend, "newSendId">,
): Promise<Handled> => {
  const newSendId = deps.newId();
  return handle(deps, stream, (state) => decideResolveSend(state, { ...command, newSendId }));
};
