/**
 * The doc comments of a source file, by what they stand above: a top-level constant (`MessageReceived`), or a
 * field of one (`MessageReceived.answers`). Enough for files in the house style, where each begins a line.
 */
export const docComments = (source: string): Map<string, string> => {
  const comments = new Map<string, string>();
  let comment: string[] = [];
  let isOpen = false;
  let constant = "";
  for (const line of source.split("\n")) {
    if (line.trimStart().startsWith("/**")) [comment, isOpen] = [[], true];
    if (isOpen) {
      comment.push(wordsOf(line));
      isOpen = !line.includes("*/");
      continue;
    }
    const [, top] = /^(?:export )?const (\w+)/.exec(line) ?? [];
    const [, field] = /^ +(\w+)[:,]/.exec(line) ?? [];
    constant = top ?? constant;
    const name = top ?? (field && `${constant}.${field}`);
    if (name && comment.length > 0) comments.set(name, comment.filter(Boolean).join(" "));
    comment = [];
  }
  return comments;
};

const wordsOf = (line: string): string =>
  line
    .trim()
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .replace(/^\*/, "")
    .trim();
