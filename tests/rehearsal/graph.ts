/** WhatsApp's side of sending: it may do what it is asked and not say so, and its statuses come as they like. */
import { classify, classifyFailure } from "#core/clients/whatsapp/graph-errors.ts";
import type { SendOutcome, WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import { isOut } from "./container.ts";
import type { Sim } from "./kernel.ts";
import { canariesIn, type Customer, type Status } from "./meta.ts";
import type { Ledger } from "./ledger.ts";

type Message = Parameters<WhatsApp["send"]>[0];

export type Graph = {
  send(message: Message, site: string): SendOutcome;
  findSent: WhatsApp["findSent"];
};

const day = 24 * 3_600_000;

export const graph = (sim: Sim, ledger: Ledger, report: (status: Status, name: string) => void): Graph => {
  const history = new Map<string, string>();
  let accepted = 0;

  const accept = ({ sendRef, content }: Message, customer: Customer, site: string): string => {
    const index = sim.plan.customers.indexOf(customer);
    const wamid = `wamid.out-canary-c${index}-o${++accepted}`;
    history.set(sendRef, wamid);
    ledger.accepted(sendRef, wamid, index, canariesIn(content));
    announce(wamid, customer, sendRef, site);
    return wamid;
  };

  const announce = (wamid: string, customer: Customer, sendRef: string, site: string): void => {
    const ref = sim.plan.refIsEchoed ? sendRef : undefined;
    const tell = (status: string, least: number, most: number, code?: number) => {
      const name = `${status} of ${wamid}`;
      const early = status === "sent" && sim.fault("status-early", name);
      const ms = early ? 0 : sim.between(name, least, most);
      const times = sim.fault("status-duplicate", name) ? 2 : 1;
      for (let time = 1; time <= times; time++)
        sim.after(ms + (time - 1) * 700, `WhatsApp says ${name} (${time})`, () => {
          if (!ledger.knowsOf(wamid)) sim.saw("status-before-send");
          report({ wamid, status, customer, ref, code }, `${name} (${time})`);
        });
    };
    tell("sent", 100, 4_000);
    if (sim.fault("status-failed", site))
      return tell("failed", 200, 6_000, sim.pick(`code ${site}`, [131026, 131047, 131049]));
    tell("delivered", 150, 9_000);
    if (sim.unit(`read ${site}`) < 0.6) tell("read", 200, 60_000);
    if (sim.fault("status-contradicts", site)) tell("failed", 200, 60_000, 131026);
  };

  return {
    send(message, site) {
      const customer = recipient(sim, message);
      if (!customer) return classify(400, { code: 131026 });
      if (isOut(sim, "graph", site) || sim.fault("graph-down", site))
        return classifyFailure(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
      if (sim.fault("graph-lost-before-effect", site)) return classifyFailure(new Error("reset"));
      if (sim.fault("graph-throttled", site))
        return classify(429, { code: sim.pick(`throttle ${site}`, [131056, 130429]) });
      if (sim.fault("graph-refuses", site)) return classify(400, { code: 100 });
      if (sim.fault("graph-unreachable", site)) return classify(400, { code: 131026 });
      if (message.content.type !== "template" && sim.nowMs() - ledger.lastWroteMs(customer) >= day)
        return classify(400, { code: 131047 });
      const wamid = accept(message, customer, site);
      if (!sim.fault("graph-timeout-after-effect", site)) return { outcome: "sent", wamid };
      return classifyFailure(Object.assign(new Error("timeout"), { name: "TimeoutError" }));
    },

    async findSent({ sendRef }) {
      const wamid = history.get(sendRef);
      if (wamid !== undefined) return { found: "sent", wamid };
      return sim.plan.historyIsComplete
        ? { found: "absent" }
        : { found: "unknown", reason: "history-is-no-proof" };
    },
  };
};

/** A user id that a customer had before still reaches them. */
const recipient = ({ plan }: Sim, { to }: Message): Customer | undefined =>
  plan.customers.find(({ phone, userId }) =>
    "phone" in to ? to.phone === phone : to.userId === userId || to.userId === `${userId}9`,
  );
