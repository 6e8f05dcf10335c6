/** Asks one model after the other until one has an answer, or there is a reason to ask no more. */
import type { Circuits } from "#core/clients/circuits.ts";
import {
  KnowledgeFault,
  ModelFault,
  type Answer,
  type AnswerRequest,
  type Declined,
  type Model,
} from "#core/clients/model.ts";
import { chooseModel, type Candidate, type ModelChoice, type Situation } from "#core/domain/choose-model.ts";
import { attemptMs } from "#core/domain/reply-time.ts";
import type { EventOf, ModelUse } from "#core/events/conversation.ts";
import { plus } from "./model-use.ts";

/** A model, and what is known of it before it is asked. */
export type OfferedModel = {
  model: Model;
  /** For this request: what it costs depends on how much it is shown. */
  candidate(request: AnswerRequest): Candidate;
};

export type AskDeps = {
  models: readonly OfferedModel[];
  circuits: Circuits;
  clock: () => Date;
  /** Told of what each call took, those that failed included. */
  spent?: (use: ModelUse) => Promise<void>;
};

export type Asked = {
  choice: NonNullable<EventOf<"ReplyGenerated">["data"]["choice"]>;
  /** Of all calls together; absent where nothing was counted. */
  use?: ModelUse;
} & (
  | { outcome: "answered"; answer: Answer }
  /** No other model is tried: what one won't say, another is not to be talked into. */
  | { outcome: "declined"; because: "refused" | "guardrail" }
  /** `reopensAtMs` is when one may be asked again, where that is known. */
  | { outcome: "unavailable"; reopensAtMs?: number }
  /** All that there are cost more than is left. */
  | { outcome: "unaffordable" }
);

/** What the policy is told besides what is found out here. */
export type Circumstances = Omit<Situation, "candidates" | "openCircuits">;

/** The chain for a request, as it stands now. */
export const chooseFor = async (
  { models, circuits }: AskDeps,
  request: AnswerRequest,
  circumstances: Circumstances,
): Promise<ModelChoice & { candidates: Candidate[]; reopensAtMs?: number }> => {
  const candidates = models.map((model) => model.candidate(request));
  const reopenings = await Promise.all(candidates.map(({ id }) => circuits.reopensAtMs(circuitOf(id))));
  const openCircuits = new Set(
    candidates.filter((_, index) => reopenings[index] !== undefined).map(({ id }) => id),
  );
  const earliest = Math.min(...reopenings.filter((at) => at !== undefined));
  const choice = chooseModel({ ...circumstances, candidates, openCircuits });
  return { ...choice, candidates, ...(Number.isFinite(earliest) && { reopensAtMs: earliest }) };
};

/**
 * Throws what a model throws that is no `ModelFault`, and a `ModelFault` that is our own when no model is left to
 * ask later. `giveUpAtMs` holds for all together, but for a last resort, which needs no time.
 */
export const askModels = async (
  deps: AskDeps,
  request: AnswerRequest,
  chosen: Awaited<ReturnType<typeof chooseFor>>,
  giveUpAtMs: number,
): Promise<Asked> => {
  const { models, clock } = deps;
  const { candidates, chain } = chosen;
  const passedOver = [...chosen.passedOver];
  const tried = { reason: chosen.reason, passedOver };
  let use: ModelUse | undefined;
  let reopensAtMs = chosen.reopensAtMs;
  let ours: ModelFault | undefined;
  const result = () => ({ choice: tried, ...(use && { use }) });

  for (const [place, id] of chain.entries()) {
    const index = candidates.findIndex((candidate) => candidate.id === id);
    const [candidate, offered] = [candidates[index], models[index]];
    if (!candidate || !offered) continue;
    const leftMs = giveUpAtMs - clock().getTime();
    const hasOthers = chain.slice(place + 1).some((next) => !isLastResort(candidates, next));
    const timeoutMs = attemptMs(candidate.expectedMs, leftMs, hasOthers);
    if (!candidate.lastResort && timeoutMs <= 0) {
      passedOver.push({ id, reason: "no-time-left" });
      continue;
    }
    const attempt = await attemptOne(deps, id, () =>
      offered.model.answer({ ...request, timeoutMs: Math.max(timeoutMs, 1) }),
    );
    if ("fault" in attempt) {
      if (attempt.fault.use) {
        use = plus(use, attempt.fault.use);
        await deps.spent?.(attempt.fault.use);
      }
      passedOver.push({ id, reason: attempt.fault.kind });
      if (attempt.fault.retry === "never") ours = attempt.fault;
      else reopensAtMs ??= clock().getTime();
      continue;
    }
    if ("reopensAtMs" in attempt) {
      passedOver.push({ id, reason: "circuit-open" });
      reopensAtMs = Math.min(reopensAtMs ?? Infinity, attempt.reopensAtMs);
      continue;
    }
    const { answer } = attempt;
    if (answer.use) {
      use = plus(use, answer.use);
      await deps.spent?.(answer.use);
    }
    if (!("declined" in answer)) return { ...result(), outcome: "answered", answer };
    passedOver.push({ id, reason: answer.declined });
    if (answer.declined === "refused" || answer.declined === "guardrail")
      return { ...result(), outcome: "declined", because: answer.declined };
    // a model that can't keep to the form today may tomorrow
    reopensAtMs ??= clock().getTime();
  }
  const isUnaffordable = passedOver.length > 0 && passedOver.every(({ reason }) => reason === "over-budget");
  if (isUnaffordable) return { ...result(), outcome: "unaffordable" };
  if (reopensAtMs === undefined && ours) throw ours;
  return { ...result(), outcome: "unavailable", ...(reopensAtMs !== undefined && { reopensAtMs }) };
};

const isLastResort = (candidates: readonly Candidate[], id: string): boolean =>
  candidates.find((candidate) => candidate.id === id)?.lastResort === true;

type Attempt = { answer: Answer | Declined } | { fault: ModelFault } | { reopensAtMs: number };

const attemptOne = async (
  { circuits }: AskDeps,
  id: string,
  ask: () => Promise<Answer | Declined>,
): Promise<Attempt> => {
  try {
    const guarded = await circuits.guard(
      circuitOf(id),
      () => unlessUnknowing(ask),
      (result) => (result instanceof ModelFault ? undefined : false),
    );
    if (!guarded.made) return { reopensAtMs: guarded.reopensAtMs };
    return guarded.result instanceof ModelFault ? { fault: guarded.result } : { answer: guarded.result };
  } catch (error) {
    if (error instanceof ModelFault) return { fault: error };
    throw error;
  }
};

/** A knowledge base that is away has a circuit of its own, and opens no model's. */
const unlessUnknowing = async (
  ask: () => Promise<Answer | Declined>,
): Promise<Answer | Declined | KnowledgeFault> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KnowledgeFault) return error;
    throw error;
  }
};

/** One circuit for each model: one may be down while its neighbour answers. */
const circuitOf = (id: string): string => `model:${id}`;
