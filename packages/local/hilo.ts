/** Hilo on one machine: the handlers that Lambda runs, over SQLite, with WhatsApp played by the simulator. */
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import { loadKnowledge } from "#core/clients/knowledge.ts";
import { offlineModel } from "#core/clients/offline-model.ts";
import type { Config } from "#core/config.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { publishEvents } from "#functions/commands/publish-events.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import { sendMessage } from "#functions/commands/send-message.ts";
import { projectContext } from "#functions/projections/context.ts";
import { projectConversationList } from "#functions/projections/conversation-list.ts";
import { projectTranscript } from "#functions/projections/transcript.ts";
