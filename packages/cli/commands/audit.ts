import { audit as auditAll, graceMs, type AuditReport } from "#core/store/audit.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { views } from "#core/views/all.ts";
import { localBus } from "#local/bus.ts";
import { count } from "../count.ts";
import { command, settings, wholeNumber } from "../command.ts";
import { withStores } from "../open-data.ts";
import { mark } from "../marks.ts";
import type { Output } from "../output.ts";
import { progressBar } from "../progress.ts";
import { unpublished, type Unpublished } from "../unpublished.ts";

const graceSecDefault = graceMs / 1_000;

export const audit = command({
  name: "audit",
  about:
    "Compares every conversation with what came of it: views, answers, sends, publishing. Safe while Hilo runs.",
  options: {
    repair: { type: "boolean", about: "bring views up to date, and have done again what is owed" },
    grace: {
      type: "string",
      value: "seconds",
      about: `what is younger may be under way, ${graceSecDefault} by default`,
    },
  },
  examples: [
    ["", "look; exit code 1 when anything is missing"],
    ["--repair", "look, and put it right"],
  ],
  async run({ values, out }) {
    const grace = wholeNumber("grace", values.grace, graceSecDefault) * 1_000;
    return withStores(settings(values), async (stores) => {
      const deps = { ...stores, bus: localBus(stores.queues, subscriptions) };
      const bar = progressBar("Auditing");
      const options = { repair: values.repair ?? false, graceMs: grace, progress: bar.progress };
      const report = await auditAll(deps, views, options).finally(bar.end);
      const late = await unpublished(stores, Date.now() - grace);
      out.value({ ...report, unpublished: late, well: isWell(report, late) });
      say(report, late, out);
      return isWell(report, late) ? 0 : 1;
    });
  },
});

const isWell = (
  { broken, unreadable, behind, owed, repaired }: AuditReport,
  { late }: Unpublished,
): boolean => {
  const lacking = owed + Object.values(behind).reduce((sum, count) => sum + count, 0);
  return broken.length === 0 && unreadable.length === 0 && late === 0 && (repaired || lacking === 0);
};

const say = (
  { streams, broken, unreadable, behind, owed, repaired }: AuditReport,
  late: Unpublished,
  out: Output,
): void => {
  const lacking = repaired ? "repaired" : "bad";
  out.text(
    `${mark(broken.length > 0 ? "bad" : "ok")} ${count(streams, "conversation")}, ${broken.length} with a gap in their versions`,
  );
  for (const stream of broken) out.text(`    ${stream}: restore it from a backup`);
  if (unreadable.length > 0)
    out.text(
      `${mark("bad")} ${unreadable.length} cannot be read: a newer Hilo wrote them, or they are damaged`,
    );
  for (const stream of unreadable) out.text(`    ${stream}`);
  for (const [view, lag] of Object.entries(behind))
    out.text(
      `${mark(lag > 0 ? lacking : "ok")} ${view} is ${lag > 0 ? `behind on ${count(lag, "conversation")}` : "up to date"}`,
    );
  out.text(
    `${mark(owed > 0 ? lacking : "ok")} ${count(owed, "answer")} or sends owed${owed > 0 && repaired ? ", published again" : ""}`,
  );
  out.text(
    `${mark(late.late > 0 ? "bad" : "ok")} ${late.more ? "at least " : ""}${count(late.commits, "commit")} not published yet${late.late > 0 ? ": start Hilo, which does it" : ""}`,
  );
  if (lacking === "bad" && (owed > 0 || Object.values(behind).some(Boolean)))
    out.note("hilo audit --repair puts that right.");
};
