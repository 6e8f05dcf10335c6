import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { anchors, links, markdownFiles, readText, root } from "./markdown.ts";

const isElsewhere = (target: string): boolean => /^[a-z]+:/.test(target);

/** Why a link leads nowhere; undefined when it leads somewhere. */
const fault = (file: string, target: string): string | undefined => {
  const [link = "", anchor] = target.split("#");
  const to = link === "" ? file : path.join(path.dirname(file), link);
  if (to.startsWith("..")) return "leaves the project";
  if (!existsSync(path.join(root, to))) return "no such file";
  if (anchor !== undefined && to.endsWith(".md") && !anchors(readText(to)).has(anchor))
    return "no such heading";
  return undefined;
};

test("there is Markdown to look at", () => {
  expect(markdownFiles()).toContain("README.md");
});

test.each(markdownFiles())("every link of %s leads somewhere", (file) => {
  const faults = links(readText(file))
    .filter(({ target }) => !isElsewhere(target))
    .flatMap(({ target }) => {
      const why = fault(file, target);
      return why ? [`${target}: ${why}`] : [];
    });
  expect(faults).toEqual([]);
});

test("a link that leads nowhere is found", () => {
  expect(fault("docs/events.md", "../nowhere.md")).toBe("no such file");
  expect(fault("docs/events.md", "../README.md#nowhere")).toBe("no such heading");
  expect(fault("docs/events.md", "../../elsewhere.md")).toBe("leaves the project");
  expect(fault("docs/events.md", "#events")).toBeUndefined();
});
