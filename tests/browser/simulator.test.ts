import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startHiloProcess, type HiloProcess } from "../support/hilo-process.ts";
import { chromiumPath, launchBrowser } from "./browser.ts";

describe.skipIf(chromiumPath === undefined)("the simulator's page", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "hilo-browser-"));
  let hilo: HiloProcess;
  let browser: Browser;
  let page: Page;
  /** What went wrong on the page, if anything. */
  let complaints: string[];

  beforeAll(async () => {
    [hilo, browser] = await Promise.all([startHiloProcess(dataDir), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await hilo.kill("SIGTERM");
    rmSync(dataDir, { recursive: true });
  });

  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    await page.goto(hilo.url);
    await page.getByRole("heading", { name: /'s phone/ }).waitFor();
  });
  afterEach(async () => {
    await page.close();
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join("; ")}`);
  });

  const chat = () => page.getByRole("log", { name: "Chat" });
  const events = () => page.getByRole("log", { name: "Events" });
  const recorded = (type: string) => events().locator(`.event[data-type="${type}"]`);
  const say = async (text: string) => {
    await page.getByRole("textbox", { name: "Message", exact: true }).fill(text);
    await page.keyboard.press("Enter");
  };

  it("is unmistakably local", async () => {
    expect(await page.title()).toMatch(/local simulator/i);
    expect(await page.getByText("Nothing here is sent to WhatsApp").isVisible()).toBe(true);
  });

  it("sends a message as a customer, and shows the answer, the ticks and the events", async () => {
    await say("¿A qué hora abrís el domingo?");
    await chat().getByText("Modelo sin conexión").or(chat().getByText("offline")).first().waitFor();
    await chat().getByRole("img", { name: "Read" }).first().waitFor();
    for (const type of ["MessageReceived", "ReplyGenerated", "MessageSent", "DeliveryStatusReceived"])
      await recorded(type).first().waitFor();
    await recorded("ReplyGenerated").first().locator("summary").click();
    await recorded("ReplyGenerated").first().getByText("promptHash").waitFor();
    await page.getByText("Spanish").waitFor();
    expect(await recorded("MessageReceived").count()).toBe(1);
  });

  it("can be used by keyboard alone", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("Gracias");
    await page.keyboard.press("Enter");
    await chat().getByText("Gracias", { exact: true }).first().waitFor();
    expect(await page.getByRole("textbox", { name: "Message", exact: true }).inputValue()).toBe("");
  });

  it("answers a picture honestly", async () => {
    await page.getByRole("button", { name: "Attach" }).click();
    await page.getByRole("menuitem", { name: "Sample photo" }).click();
    await chat()
      .getByText(/No puedo ver fotos/)
      .first()
      .waitFor();
    expect(await chat().getByRole("img", { name: "Read" }).count()).toBeGreaterThan(0);
  });

  it("delivers a webhook again, and nothing doubles", async () => {
    await recorded("MessageReceived").first().waitFor();
    const before = await recorded("MessageReceived").count();
    await page.getByRole("button", { name: /Try/ }).click();
    await page.getByRole("menuitem", { name: /webhook again/i }).click();
    await say("¿Tenéis pan sin gluten?");
    await recorded("MessageReceived").nth(before).waitFor();
    expect(await recorded("MessageReceived").count()).toBe(before + 1);
    await chat()
      .getByText(/pan sin gluten por encargo/)
      .first()
      .waitFor();
  });

  it("has a send go wrong as Meta does, and shows how Hilo finds out what became of it", async () => {
    await recorded("MessageSent").first().waitFor();
    const underWay = async () =>
      (await recorded("SendRequested").count()) - (await recorded("MessageSent").count());
    await expect.poll(underWay).toBe(0);
    await page.keyboard.press("f");
    const faults = page.getByRole("dialog", { name: "Faults" });
    await faults.getByRole("switch", { name: "Sent, then a server error" }).press("Space");
    await faults.getByRole("combobox", { name: /^How often/ }).selectOption("the next send");
    const button = page.getByRole("button", { name: "Faults 1 on" });
    await page.keyboard.press("Escape");
    await button.waitFor();

    const uncertain = await recorded("SendUncertain").count();
    const sent = await recorded("MessageSent").count();
    const bubbles = await chat()
      .getByRole("listitem", { name: /^Café Hilo/ })
      .count();
    await say("¿Abrís los festivos?");
    await recorded("SendUncertain").nth(uncertain).waitFor();
    await recorded("MessageSent").nth(sent).getByText("known from the status").waitFor();
    await page.getByRole("button", { name: "Faults", exact: true }).waitFor();
    expect(
      await chat()
        .getByRole("listitem", { name: /^Café Hilo/ })
        .count(),
    ).toBe(bubbles + 1);
  });

  it("falls silent when a person answers from the business's phone", async () => {
    await page.getByRole("button", { name: /Try/ }).click();
    await page.getByRole("menuitem", { name: /business.s phone/i }).click();
    await page.getByRole("textbox", { name: "Answer" }).fill("Le atiendo yo.");
    await page.getByRole("button", { name: "Send", exact: true }).last().click();
    await recorded("HumanTookOver").first().waitFor();
    expect(await page.getByText("Person answers").count()).toBeGreaterThan(0);
  });
});
