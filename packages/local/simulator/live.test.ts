import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Change, live } from "./live.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the business types for 25 seconds at most, from the last time that it said so", () => {
  const { startTyping, isTyping } = live();
  startTyping("lucia");
  vi.advanceTimersByTime(20_000);
  startTyping("lucia");
  vi.advanceTimersByTime(24_999);
  expect([isTyping("lucia"), isTyping("grace")]).toEqual([true, false]);
  vi.advanceTimersByTime(1);
  expect(isTyping("lucia")).toBe(false);
});

test("a chat is open while any connected page shows it; a page that connects again replaces itself", () => {
  const { connect, look, isOpen } = live();
  const told: Change[] = [];
  expect(look("tab", "lucia")).toBe(false);
  const first = connect("tab", (change) => told.push(change));
  look("tab", "lucia");
  expect(isOpen("lucia")).toBe(true);
  const second = connect("tab", (change) => told.push(change));
  first();
  expect([look("tab", "grace"), isOpen("lucia"), isOpen("grace")]).toEqual([true, false, true]);
  second();
  expect(isOpen("grace")).toBe(false);
});

test("typing begins and ends before every page's eyes", () => {
  const { connect, startTyping, stopTyping } = live();
  const told: Change[] = [];
  connect("one", (change) => told.push(change));
  connect("two", (change) => told.push(change));
  startTyping("lucia");
  stopTyping("lucia");
  stopTyping("lucia");
  expect(told).toEqual(Array.from({ length: 4 }, () => ({ type: "chat", customer: "lucia" })));
});
