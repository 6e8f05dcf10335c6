import { type Model, ModelFault } from "#core/clients/model.ts";
import type { Summariser } from "#core/clients/summariser.ts";

type Report = (problem: string) => void;

/** The model, whose faults that only a person can mend are told, once each. */
export const reportedModel = ({ answer }: Model, report: Report): Model => {
  const tell = once(report);
  return { answer: async (request) => answer(request).catch(tell) };
};

export const reportedSummariser = ({ summarise }: Summariser, report: Report): Summariser => {
  const tell = once(report);
  return { summarise: async (request) => summarise(request).catch(tell) };
};

const once = (report: Report) => {
  const told = new Set<string>();
  return (error: unknown): never => {
    if (error instanceof ModelFault && error.retry === "never" && !told.has(error.message)) {
      told.add(error.message);
      report(error.message);
    }
    throw error;
  };
};
