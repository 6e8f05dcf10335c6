// WhatsApp's text formatting: *bold*, _italic_, ~struck~, `code`, ```block```, > quote, - list, and links.

/**
 * @typedef {{ kind: "text", text: string } | { kind: "link", text: string } |
 *   { kind: "strong" | "em" | "del" | "code" | "pre" | "blockquote" | "bullet", children: Piece[] }} Piece
 */

const spans = /** @type {const} */ ({ "*": "strong", _: "em", "~": "del" });
const word = /[\p{L}\p{N}]/u;
const link = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/gu;

/** @param {string} text @returns {Piece[]} */
export const parse = (text) =>
  text.split("```").flatMap((part, index, parts) => {
    const isBlock = index % 2 === 1 && index < parts.length - 1;
    if (isBlock) return [{ kind: "pre", children: plain(part.replace(/^\n|\n$/g, "")) }];
    const isUnclosed = index % 2 === 1;
    return lines(isUnclosed ? `\`\`\`${part}` : part);
  });

/** @param {string} text @returns {Piece[]} */
const lines = (text) =>
  text.split("\n").flatMap((line, index) => {
    const lineBreak = index > 0 ? plain("\n") : [];
    if (line.startsWith("> ")) return [...lineBreak, { kind: "blockquote", children: inline(line.slice(2)) }];
    if (/^[-*] /.test(line)) return [...lineBreak, { kind: "bullet", children: inline(line.slice(2)) }];
    return [...lineBreak, ...inline(line)];
  });

/** @param {string} text @returns {Piece[]} */
const inline = (text) => {
  /** @type {Piece[]} */
  const pieces = [];
  let from = 0;
  for (const { 0: address, index } of text.matchAll(link)) {
    pieces.push(...marked(text.slice(from, index)), { kind: "link", text: address });
    from = index + address.length;
  }
  return [...pieces, ...marked(text.slice(from))];
};

/** @param {string} text @returns {Piece[]} */
const marked = (text) => {
  for (let open = 0; open < text.length; open++) {
    const mark = text[open];
    if (!"*_~`".includes(mark) || word.test(text[open - 1] ?? "") || /^\s?$/.test(text[open + 1] ?? ""))
      continue;
    const close = closing(text, mark, open);
    if (close < 0) continue;
    const inner = text.slice(open + 1, close);
    /** @type {Piece} */
    const piece =
      mark === "`"
        ? { kind: "code", children: plain(inner) }
        : { kind: spans[/** @type {keyof typeof spans} */ (mark)], children: marked(inner) };
    return [...plain(text.slice(0, open)), piece, ...marked(text.slice(close + 1))];
  }
  return plain(text);
};

/** A mark closes after something that is no space and before something that continues no word. */
const closing = (/** @type {string} */ text, /** @type {string} */ mark, /** @type {number} */ open) => {
  for (let at = text.indexOf(mark, open + 2); at >= 0; at = text.indexOf(mark, at + 1))
    if (!/\s/.test(text[at - 1] ?? " ") && !word.test(text[at + 1] ?? "")) return at;
  return -1;
};

/** @param {string} text @returns {Piece[]} */
const plain = (text) => (text === "" ? [] : [{ kind: "text", text }]);

/** The words alone. @param {Piece[]} pieces @returns {string} */
export const plainText = (pieces) =>
  pieces.map((piece) => ("children" in piece ? plainText(piece.children) : piece.text)).join("");

/** @param {Piece[]} pieces @returns {Node[]} */
export const render = (pieces) =>
  pieces.map((piece) => {
    if (piece.kind === "text") return document.createTextNode(piece.text);
    if (piece.kind === "link") {
      const anchor = document.createElement("a");
      Object.assign(anchor, {
        href: piece.text,
        target: "_blank",
        rel: "noopener noreferrer",
        textContent: piece.text,
      });
      return anchor;
    }
    const element = document.createElement(piece.kind === "bullet" ? "span" : piece.kind);
    if (piece.kind === "bullet") element.className = "bullet";
    element.append(...render(piece.children));
    return element;
  });
