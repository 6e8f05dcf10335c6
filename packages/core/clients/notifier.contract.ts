import { beforeEach, describe, expect, it } from "vitest";
import type { Notification, Notifier } from "./notifier.ts";

/** What arrived where people look, oldest first. */
export type Told = Pick<Notification, "subject" | "conversationId" | "dedupeKey"> & { body: string };

export type OpenedNotifier = {
  notifier: Notifier;
  told(): Promise<Told[]>;
  /** From now on, nobody can be told. */
  fail(): Promise<void>;
};

export const waiting: Notification = {
  subject: "A conversation waits for a person",
  text: "The bot asks for a person in conversation-01JD0000000000000000000000-1.",
  conversationId: "conversation-01JD0000000000000000000000-1",
  link: "https://desk.example.com/?c=conversation-01JD0000000000000000000000-1",
  dedupeKey: "conversation-01JD0000000000000000000000-1@7",
};

/** What every implementation of `Notifier` does. `open` gives one by which nobody was told yet. */
export const notifierContract = (name: string, open: () => Promise<OpenedNotifier>): void => {
  describe(`${name} as a notifier`, () => {
    let opened: OpenedNotifier;
    beforeEach(async () => {
      opened = await open();
    });

    it("says what waits, where, and by which key a repetition is known", async () => {
      await opened.notifier.notify(waiting);
      const { subject, conversationId, dedupeKey } = waiting;
      const [told, ...more] = await opened.told();
      expect(told).toMatchObject({ subject, conversationId, dedupeKey });
      expect(told?.body).toContain(waiting.text);
      expect(told?.body).toContain(waiting.link);
      expect(more).toEqual([]);
    });

    it("does without a link", async () => {
      const { link: _, ...plain } = waiting;
      await opened.notifier.notify(plain);
      expect((await opened.told()).map(({ body }) => body)).toEqual([waiting.text]);
    });

    it("tells each news, and a repetition under the same key", async () => {
      await opened.notifier.notify(waiting);
      await opened.notifier.notify(waiting);
      await opened.notifier.notify({ ...waiting, dedupeKey: "another" });
      const keys = (await opened.told()).map(({ dedupeKey }) => dedupeKey);
      expect(new Set(keys)).toEqual(new Set([waiting.dedupeKey, "another"]));
      expect(keys.at(-1)).toBe("another");
    });

    it("throws when nobody can be told", async () => {
      await opened.fail();
      await expect(opened.notifier.notify(waiting)).rejects.toThrow(Error);
    });

    it("has a name for the records", () => {
      expect(opened.notifier.channel).toMatch(/^[a-z]{1,20}$/);
    });
  });
};
