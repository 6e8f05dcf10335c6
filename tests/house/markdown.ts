/** The project's Markdown, read by the tests that keep it true. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

export const readText = (file: string): string => readFileSync(path.join(root, file), "utf8");

/** Every Markdown file of the project, by its path from the root. */
export const markdownFiles = (): string[] =>
  globSync("**/*.md", { cwd: root, exclude: ["**/node_modules/**", "**/.*/**"] }).toSorted();

type Block = { language: string; text: string };

export const codeBlocks = (markdown: string): Block[] => {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of markdown.split("\n")) {
    if (!line.startsWith("```")) {
      if (open) open.text += `${line}\n`;
    } else if (open) {
      blocks.push(open);
      open = undefined;
    } else open = { language: line.slice(3).trim(), text: "" };
  }
  return blocks;
};

type Link = { text: string; target: string };

/** Links of the form `[text](target)`, those in code left out. */
export const links = (markdown: string): Link[] => {
  const prose = withoutCode(markdown);
  return [...prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, text = "", target = ""]) => ({
    text,
    target,
  }));
};

/** The anchors that GitHub gives to headings. */
export const anchors = (markdown: string): Set<string> =>
  new Set(
    withoutCode(markdown, { inline: false })
      .split("\n")
      .filter((line) => /^#{1,6} /.test(line))
      .map((line) => slug(line.replace(/^#+ /, ""))),
  );

const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

const withoutCode = (markdown: string, { inline = true } = {}): string => {
  let isCode = false;
  const prose = markdown.split("\n").filter((line) => {
    const isFence = line.startsWith("```");
    if (isFence) isCode = !isCode;
    return !isFence && !isCode;
  });
  return inline ? prose.join("\n").replace(/`[^`\n]*`/g, "code") : prose.join("\n");
};
