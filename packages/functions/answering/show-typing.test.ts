import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import { initial, type Conversation } from "#core/domain/conversation.ts";
import { noon } from "#core/testing/given.ts";
import { whileTyping } from "./show-typing.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const waiting: Conversation = {
  ...initial,
  phoneNumberId: "1065550000",
  unanswered: [{ version: 3, at: noon, messageId: "m", wamid: "wamid.m" }],
};

const shown: string[] = [];
const showing = (works: () => Promise<boolean>) => {
  shown.length = 0;
  return {
    showTyping: ({ wamid }: { wamid: string }) => {
      shown.push(wamid);
      return works();
    },
  } as unknown as WhatsApp;
};

it.each([
  [0, 1],
  [19_999, 1],
  [20_001, 2],
  [40_001, 3],
])("work of %d ms shows the indicator %d times", async (ms, times) => {
  const done = whileTyping(
    showing(async () => true),
    waiting,
    () => new Promise((resolve) => setTimeout(() => resolve("done"), ms)),
  );
  await vi.advanceTimersByTimeAsync(ms);
  expect(await done).toBe("done");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toEqual(Array.from({ length: times }, () => "wamid.m"));
});

it("an indicator that can't be shown holds up nothing", async () => {
  const never = showing(() => new Promise(() => {}));
  expect(await whileTyping(never, waiting, async () => "done")).toBe("done");
});

it("is not shown to nobody", async () => {
  expect(
    await whileTyping(
      showing(async () => true),
      initial,
      async () => "done",
    ),
  ).toBe("done");
  expect(shown).toEqual([]);
});
