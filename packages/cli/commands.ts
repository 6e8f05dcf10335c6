/** The commands there are. Each is loaded when it is called, so that `hilo` answers at once. */
import type { Command } from "./command.ts";

type Entry = { about: string; load: () => Promise<Command> };

export const commands: Readonly<Record<string, Entry>> = {
  send: {
    about: "write to the running Hilo as a customer",
    load: async () => (await import("./commands/send.ts")).send,
  },
  conversations: {
    about: "list conversations",
    load: async () => (await import("./commands/conversations.ts")).conversations,
  },
  events: {
    about: "list what is recorded of a conversation",
    load: async () => (await import("./commands/events.ts")).events,
  },
  costs: {
    about: "say what was spent",
    load: async () => (await import("./commands/costs.ts")).costs,
  },
  sends: {
    about: "list sends that wait for a person",
    load: async () => (await import("./commands/sends.ts")).sends,
  },
  "sends resend": {
    about: "send one of them again",
    load: async () => (await import("./commands/sends-resend.ts")).sendsResend,
  },
  "sends drop": {
    about: "give one of them up",
    load: async () => (await import("./commands/sends-drop.ts")).sendsDrop,
  },
  notifications: {
    about: "list what people were told of",
    load: async () => (await import("./commands/notifications.ts")).notifications,
  },
  "take-over": {
    about: "take a conversation from the bot",
    load: async () => (await import("./commands/take-over.ts")).takeOver,
  },
  resume: {
    about: "hand a conversation back to the bot",
    load: async () => (await import("./commands/resume.ts")).resume,
  },
  erase: {
    about: "erase a person for ever",
    load: async () => (await import("./commands/erase.ts")).erase,
  },
  "knowledge list": {
    about: "list what the bot answers from",
    load: async () => (await import("./commands/knowledge-list.ts")).knowledgeList,
  },
  "knowledge add": {
    about: "add a Markdown or PDF file to it",
    load: async () => (await import("./commands/knowledge-add.ts")).knowledgeAdd,
  },
  "knowledge test": {
    about: "see what a question would find, or measure all",
    load: async () => (await import("./commands/knowledge-test.ts")).knowledgeTest,
  },
  doctor: {
    about: "look for what is wrong with this installation",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  audit: {
    about: "compare what is recorded with what came of it",
    load: async () => (await import("./commands/audit.ts")).audit,
  },
  rebuild: {
    about: "build a view anew from the events",
    load: async () => (await import("./commands/rebuild.ts")).rebuild,
  },
  "dlq list": {
    about: "list messages that failed too often",
    load: async () => (await import("./commands/dlq-list.ts")).dlqList,
  },
  "dlq redrive": {
    about: "put them back into their queue",
    load: async () => (await import("./commands/dlq-redrive.ts")).dlqRedrive,
  },
};
