/** Meta's side of the webhook: what it says in which words, and how often it comes again. */
import type { ToolScope } from "#functions/tools/tool.ts";
import { sign } from "#core/clients/whatsapp/signature.ts";
import { phrases } from "./phrases.ts";
import type { Sim } from "./kernel.ts";
import type { Action, Names, Plan } from "./plan.ts";

export const appSecret = "the rehearsal's app secret";
export const businessAccountId = "2045550000";

export type Customer = Plan["customers"][number];

/** What nobody may find anywhere once its person is erased, nor ever in the clear. */
export const canary = (customer: number, word: string): string => `canary-c${customer}-${word}`;
export const canaryPattern = /canary-c(\d+)-([a-z0-9]+)/g;

/** All of them in a value, as often as they are there. */
export const canariesIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(canaryPattern)].map(([word]) => word);

export const wamidOf = (customer: number, id: string): string => `wamid.${canary(customer, id)}`;

const envelope = (field: string, number: string, value: object) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: businessAccountId,
      changes: [
        {
          field,
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550100001", phone_number_id: number },
            ...value,
          },
        },
      ],
    },
  ],
});

const seconds = (ms: number): string => String(Math.floor(ms / 1_000));

const named = ({ phone, userId }: Customer, names: Names) => ({
  ...(names !== "user-id" && { phone }),
  ...(names !== "phone" && { userId }),
});

/** Whether these are the ways to reach this customer. A user id that one had before is still theirs. */
export const isOf = ({ plan }: Sim, customer: number, { phone, userId }: ToolScope): boolean => {
  const known = plan.customers[customer];
  return (
    known !== undefined &&
    (phone === undefined || phone === known.phone) &&
    (userId === undefined || userId === known.userId || userId === `${known.userId}9`)
  );
};

/** The webhook that tells of an action, where there is one. */
export const bodyOf = (customers: readonly Customer[], action: Action, nowMs: number): object | undefined => {
  const customer = customers[action.customer];
  if (!customer) return undefined;
  const wamid = (id: string) => wamidOf(action.customer, id);
  const names = named(customer, "names" in action ? action.names : "both");
  const contacts = [
    {
      profile: { name: canary(action.customer, "name") },
      ...(names.phone && { wa_id: names.phone }),
      ...(names.userId && { user_id: names.userId }),
    },
  ];
  const from = {
    ...(names.phone && { from: names.phone }),
    ...(names.userId && { from_user_id: names.userId }),
    timestamp: seconds(nowMs),
  };
  const says = ("says" in action ? action.says : undefined) ?? "asks";
  const text = (id: string) => ({
    type: "text",
    text: { body: `${phrases[says]} ${canary(action.customer, id)}` },
  });
  const live = (messages: object[]) => envelope("messages", customer.number, { contacts, messages });
  switch (action.type) {
    case "writes":
      return live(
        action.ids.map((id) => ({
          ...from,
          id: wamid(id),
          ...(action.kind === "text"
            ? text(id)
            : {
                type: "image",
                image: {
                  id: "1037543291543636",
                  mime_type: "image/jpeg",
                  caption: canary(action.customer, id),
                },
              }),
        })),
      );
    case "revokes":
      return live([
        {
          ...from,
          id: wamid(action.id),
          type: "revoke",
          revoke: { original_message_id: wamid(action.original) },
        },
      ]);
    case "edits":
      return live([
        {
          ...from,
          id: wamid(action.id),
          type: "edit",
          edit: { original_message_id: wamid(action.original), message: text(action.id) },
        },
      ]);
    case "changes-user-id":
      return envelope("messages", customer.number, {
        messages: [
          {
            id: wamid(action.id),
            from_user_id: customer.userId,
            timestamp: seconds(nowMs),
            type: "system",
            system: {
              type: "user_changed_user_id",
              body: "User changed",
              user_id: `${customer.userId}9`,
              previous_user_id: customer.userId,
            },
          },
        ],
      });
    case "echo":
      return envelope("smb_message_echoes", customer.number, {
        message_echoes: [
          {
            from: "15550100001",
            to: customer.phone,
            timestamp: seconds(nowMs),
            id: wamid(action.id),
            ...text(action.id),
          },
        ],
      });
    case "standby":
      return envelope("standby", customer.number, {
        contacts,
        standby: { messages: [{ ...from, id: wamid(action.id), ...text(action.id) }] },
      });
    case "takes-over":
    case "resumes":
    case "resolves":
    case "erases":
    case "poison":
      return undefined;
  }
};

export type Status = {
  wamid: string;
  status: string;
  customer: Customer;
  ref?: string | undefined;
  code?: number | undefined;
};

export const statusBody = ({ wamid, status, customer, ref, code }: Status, nowMs: number): object =>
  envelope("messages", customer.number, {
    statuses: [
      {
        id: wamid,
        status,
        timestamp: seconds(nowMs),
        recipient_id: customer.phone,
        recipient_user_id: customer.userId,
        ...(ref && { biz_opaque_callback_data: ref }),
        ...(code && { errors: [{ code, title: `error ${code}` }] }),
      },
    ],
  });

/** The lambda event of a signed POST. */
export const posted = (body: object): object => {
  const raw = Buffer.from(JSON.stringify(body));
  return {
    httpMethod: "POST",
    headers: { "x-hub-signature-256": sign(raw, appSecret) },
    body: raw.toString("base64"),
    isBase64Encoded: true,
  };
};

/** How long Meta waits for an answer, and how long it goes on trying. */
const answerMs = 10_000;
const triesForMs = 7 * 24 * 3_600_000;
const backoffMs = [5_000, 60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000];

export type Post = (name: string, body: object, answer: (status: number) => void) => void;

/**
 * Delivers until `200`, for a week, and again at the times told. `acknowledged` is told once of the first `200`
 * that Meta hears.
 */
export const deliver = (
  sim: Sim,
  post: Post,
  name: string,
  body: object,
  { again, acknowledged }: { again: readonly number[]; acknowledged: () => void },
): void => {
  const firstMs = sim.nowMs();
  let heard = false;
  let tries = 0;
  const attempt = (isRepeat: boolean): void => {
    const label = `${name} ×${++tries}`;
    let waiting = true;
    const retry = () => {
      waiting = false;
      const waitMs = backoffMs[Math.min(tries - 1, backoffMs.length - 1)] ?? 0;
      if (isRepeat || heard) return;
      if (sim.nowMs() + waitMs - firstMs > triesForMs) return sim.saw("meta-gave-up");
      sim.saw("webhook-retried");
      sim.after(waitMs, `Meta repeats ${name}`, () => attempt(false));
    };
    sim.after(answerMs, `Meta waits no longer for ${label}`, () => {
      if (waiting) retry();
    });
    post(label, body, (status) => {
      if (status === 200 && !heard) acknowledged();
      if (!waiting) return;
      if (status !== 200 || (!isRepeat && sim.fault("webhook-unheard", label))) return retry();
      waiting = false;
      heard = true;
    });
  };
  attempt(false);
  for (const afterMs of again)
    sim.after(afterMs, `Meta delivers ${name} again`, () => {
      sim.saw(afterMs >= 24 * 3_600_000 ? "redelivered-days-later" : "redelivered");
      attempt(true);
    });
};
