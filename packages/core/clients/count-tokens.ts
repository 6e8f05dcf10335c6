/**
 * About how many tokens a model takes a text for, without its tokenizer, which is secret or megabytes large. Made to
 * err upwards: `count-tokens.test.ts` says by how much, against two public tokenizers, in which languages.
 */
export const countTokens = (text: string): number => {
  let tokens = 0;
  for (const [piece] of text.matchAll(pieces)) tokens += costOf(piece);
  return Math.ceil(tokens);
};

/** Runs of one kind of character, as the tokenizers part a text before they look into it. */
const pieces =
  /\p{Lu}{2,}|\p{Script=Latin}\p{Ll}*|[\p{Script=Cyrillic}\p{Script=Greek}]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|[\p{L}\p{M}]+|\p{N}+|\s+|[^]/gu;

/** Tokens per character of each kind, at the worst that the samples show. */
const costOf = (piece: string): number => {
  const { length } = piece;
  if (/^\p{Lu}{2}/u.test(piece)) return 0.5 * length;
  if (/^\p{Script=Latin}/u.test(piece)) return 1.1 + Math.max(0, length - 3) * 0.27 + accents(piece) * 0.7;
  if (/^\p{Script=Cyrillic}/u.test(piece)) return 0.65 * length;
  if (/^\p{Script=Greek}/u.test(piece)) return 1.05 * length;
  if (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(piece))
    return 1.5 * length;
  if (/^[\p{L}\p{M}]/u.test(piece)) return 1.25 * length;
  if (/^\p{N}/u.test(piece)) return Math.ceil(length / 3) + 0.5;
  // one space is part of the word after it
  if (/^\s/.test(piece)) return piece === " " ? 0 : 1.3;
  return piece <= "~" ? 0.9 : 1.5 * length;
};

const accents = (word: string): number => word.replace(/[a-z]/gi, "").length;
