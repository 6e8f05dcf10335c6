/** Bedrock's runtime, as far as it is asked: Converse and ApplyGuardrail, in the shapes of the SDK's own types. */
import type { ApplyGuardrailCommandOutput, ConverseCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import { type Heard, type Played, type StandIn, startStandIn } from "./http-stand-in.ts";

export type ConverseAnswer = Omit<ConverseCommandOutput, "$metadata">;
/** What Bedrock answered once; `error` is the name of one of its exceptions. */
export type Exchange =
  | { answer: ConverseAnswer }
  | { error: string; status: number; message?: string }
  | { silent: true };

/** What a guardrail makes of an answer, or how it fails. */
type Guarding = NonNullable<ApplyGuardrailCommandOutput["action"]> | "fails" | "is silent";

export type ConverseStandIn = StandIn & {
  /** What comes next; the last one comes for ever. */
  next(...exchanges: Exchange[]): void;
  /** What the guardrail makes of answers, "NONE" at first. */
  guardrail(action: Guarding): void;
  /** Bodies of the requests to Converse alone. */
  asked(): Record<string, unknown>[];
};

export const startConverseStandIn = async (): Promise<ConverseStandIn> => {
  let script: Exchange[] = [];
  let action: Guarding = "NONE";
  const standIn = await startStandIn((request) => {
    if (request.path.startsWith("/guardrail/")) return guarded(action);
    const next = script.length > 1 ? script.shift() : script[0];
    return next && played(next);
  });
  return {
    ...standIn,
    next: (...exchanges) => void (script = exchanges),
    guardrail: (next) => void (action = next),
    asked: () => standIn.requests.filter(isConverse).map(({ body }) => body as Record<string, unknown>),
  };
};

const guarded = (action: Guarding): Played | undefined => {
  if (action === "is silent") return undefined;
  if (action === "fails") return played({ error: "InternalServerException", status: 500 });
  return { status: 200, body: { action, outputs: [], assessments: [], usage: {} } };
};

const isConverse = ({ path }: Heard): boolean => path.endsWith("/converse");

const played = (exchange: Exchange): Played | undefined => {
  if ("silent" in exchange) return undefined;
  if ("answer" in exchange) return { status: 200, body: exchange.answer };
  const { error, status, message = "as recorded" } = exchange;
  return { status, headers: { "x-amzn-errortype": error }, body: { message } };
};
