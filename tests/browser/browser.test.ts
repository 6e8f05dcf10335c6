import { describe, expect, test } from "vitest";
import { chromiumPath, launchBrowser } from "./browser.ts";

describe.skipIf(chromiumPath === undefined)("the browser", () => {
  test("opens a page and runs its script", async () => {
    await using browser = await launchBrowser();
    const page = await browser.newPage();
    await page.setContent("<p></p><script>document.querySelector('p').textContent = 6 * 7</script>");
    expect(await page.textContent("p")).toBe("42");
  });
});
