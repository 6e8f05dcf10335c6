import { ulids } from "#core/clients/ids.ts";
import type { Config } from "#core/config.ts";
import { sampleBusiness } from "#local/sample-business.ts";
import { api, type Api } from "../api.ts";
import { findMessage, findOutcome, poll, type Outcome } from "../await-reply.ts";
import { command, settings, wholeNumber } from "../command.ts";
import { customerWebhook } from "../customer-webhook.ts";
import { Failure, UsageError } from "../errors.ts";
import { escape, paint, type Output } from "../output.ts";
import { needAddress } from "../resolve-contact.ts";

const waitSecDefault = 10;

export const send = command({
  name: "send",
  about: "Writes to the running Hilo as a customer, by a genuine signed webhook, and waits for the answer.",
  positionals: ["<text…>"],
  options: {
    as: {
      type: "string",
      value: "contact",
      about: "the customer: a phone number with its country, or a BSUID",
    },
    name: { type: "string", value: "name", about: "what the customer is called" },
    to: {
      type: "string",
      value: "phoneNumberId",
      about: "our number, by its id; the sample business by default",
    },
    url: { type: "string", value: "url", about: "where Hilo listens, instead of http://localhost:HILO_PORT" },
    wait: {
      type: "string",
      value: "seconds",
      about: `how long to wait for the answer, ${waitSecDefault} by default`,
    },
    "no-wait": { type: "boolean", about: "only deliver the message" },
  },
  examples: [
    ['"Are you open on Sundays?" --as "+34 600 11 22 33"', "by phone number"],
    ['"¿Abrís los domingos?" --as ES.1047 --name Ana', "as somebody who hides theirs"],
    ["hello --as 34600112233 --json | jq -r .reply", "the answer, for programs"],
  ],
  async run({ values, positionals, out }) {
    if (values.as === undefined) throw new UsageError("--as <contact> is missing: say who writes");
    const from = needAddress(values.as);
    const text = positionals.join(" ");
    if (text.trim() === "") throw new UsageError("<text…> is empty: say what they write");
    const waitSec = wholeNumber("wait", values.wait, waitSecDefault);
    const config = settings(values);
    const hilo = api(urlOf(config, values.url), config.HILO_API_KEY);
    const now = () => new Date();
    const wamid = `wamid.CLI${ulids(now)()}`;
    const phoneNumberId = values.to ?? config.HILO_PHONE_NUMBER_IDS[0] ?? sampleBusiness.phoneNumberId;
    const body = customerWebhook({
      from,
      name: values.name,
      text,
      wamid,
      at: now(),
      phoneNumberId,
    });
    await hilo.deliver(body, config.HILO_APP_SECRET[0] ?? "");
    if (!values["no-wait"]) return waitForAnswer(hilo, wamid, waitSec, out);
    out.value({ wamid });
    out.text("Delivered.");
    return 0;
  },
});

const urlOf = ({ HILO_PORT }: Config, url: string | undefined): string => {
  if (url === undefined && HILO_PORT === 0)
    throw new UsageError("HILO_PORT is 0: say with --url where Hilo listens");
  if (url === undefined) return `http://localhost:${HILO_PORT}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError("--url takes an http(s) URL");
  return url;
};

const waitForAnswer = async (hilo: Api, wamid: string, waitSec: number, out: Output): Promise<number> => {
  const untilMs = Date.now() + waitSec * 1_000;
  const place = await poll(untilMs, () => findMessage(hilo, wamid));
  if (!place)
    throw new Failure(
      `Hilo has the message, and does not show it after ${waitSec} s: is it foreign to HILO_PHONE_NUMBER_IDS?`,
    );
  const outcome = await poll(untilMs, () => findOutcome(hilo, place));
  out.value({ ...place, ...outcome });
  out.text(paint("dim", place.conversation));
  if (outcome) return tell(outcome, out);
  throw new Failure(
    `no answer within ${waitSec} s: hilo events ${place.conversation} shows what is recorded`,
  );
};

const tell = (outcome: Outcome, out: Output): number => {
  if ("silent" in outcome) {
    out.note(`The bot does not answer: ${outcome.silent}.`);
    return 0;
  }
  for (const line of outcome.reply.split("\n")) out.text(escape(line));
  for (const choice of outcome.choices ?? []) out.text(`[${escape(choice)}]`);
  if (outcome.failed) throw new Failure(`the answer did not go out: ${outcome.failed}`);
  return 0;
};
