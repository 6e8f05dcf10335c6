/** A stage that asks Bedrock: the right to ask, the request and the answer are Bedrock's, as the emulator knows it. */
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { replyTo } from "./model.ts";
import { newPhones } from "./hilo.ts";
import { takePhone } from "./phone.ts";
import { startStage, type Stage } from "./stage.ts";

const { endpoint } = inject("emulated");

let stage: Stage;
beforeAll(
  async () => void (stage = await startStage(endpoint, "bedrock", { HILO_MODEL: "bedrock" })),
  240_000,
);
afterAll(() => stage?.stop());

it("an answer comes from the model that the stage may ask", async () => {
  const [number = ""] = newPhones(1);
  const phone = await takePhone(stage.whatsappUrl, number);
  const question = "Do you open on Sunday?";
  await phone.write(question);
  expect(await phone.answered()).toEqual([
    { from: "customer", text: question },
    { from: "business", text: replyTo(question) },
  ]);
});
