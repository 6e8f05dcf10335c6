import { expect, it } from "vitest";
import { marketOf } from "./market.ts";

it.each([
  ["34600000001", "+34"],
  ["15550100001", "+1"],
  ["77010000000", "+7"],
  ["5511900000000", "+55"],
  ["573000000000", "+57"],
  ["593900000000", "+593"],
  ["351900000000", "+351"],
  ["420600000000", "+420"],
  ["971500000000", "+971"],
  ["919000000000", "+91"],
])("phone %s is billed as %s", (phone, market) => {
  expect(marketOf({ phone })).toBe(market);
});

it.each([
  [{ userId: "CO.1047A" }, "CO"],
  [{ phone: "34600000001", userId: "CO.1047A" }, "+34"],
  [{ phone: "no digits" }, undefined],
  [{}, undefined],
])("%j is billed as %s", (contact, market) => {
  expect(marketOf(contact)).toBe(market);
});
