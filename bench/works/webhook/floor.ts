import { parseBody } from "../../../packages/core/clients/whatsapp/parse-body.ts";
import { verifySignature } from "../../../packages/core/clients/whatsapp/signature.ts";
import { parseWebhook } from "../../../packages/core/clients/whatsapp/webhook.ts";
import { pseudonyms } from "../../../packages/core/clients/pseudonyms.ts";
import type { Contender } from "../../harness/contender.ts";
import { mustBe } from "../../shared/clients.ts";
import { serving } from "./serving.ts";
import { appSecret } from "./work.ts";

export const contender: Contender = {
  open(context) {
    const names = pseudonyms(Buffer.alloc(32, 7));
    let parsed = 0;
    return serving(
      async ({ body, headers }) => {
        const rawBody = Buffer.from(body ?? "", "base64");
        if (!verifySignature(rawBody, headers["x-hub-signature-256"], [appSecret]))
          return { statusCode: 401, body: "" };
        parsed += parseWebhook(parseBody(rawBody), { ...names, receivedAt: new Date().toISOString() }).length;
        return { statusCode: 200, body: "" };
      },
      context,
      async (items) => mustBe("updates parsed", parsed, items),
    );
  },
};
