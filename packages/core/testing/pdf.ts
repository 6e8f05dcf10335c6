/** A line of a page: what it says, its size in points (11), and the baselines' distance from the line before (1.2). */
export type SetLine = string | { text: string; size?: number; leading?: number };

/** A PDF of text, one font, set from the top of each page. `locked` wants a password that nobody knows. */
export function pdf(pages: SetLine[][], { locked = false } = {}): Buffer {
  const first = 4;
  const ids = pages.map((_, index) => first + index * 2);
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${ids.map((id) => `${id} 0 R`).join(" ")}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...pages.flatMap((lines, index) => pageObjects(lines, first + index * 2 + 1)),
    ...(locked ? [lock] : []),
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const encrypt = locked ? ` /Encrypt ${objects.length} 0 R /ID [<00><00>]` : "";
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${encrypt} >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(
    `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`,
    "latin1",
  );
}

function pageObjects(lines: SetLine[], contents: number): string[] {
  const drawn = `BT 56 800 Td\n${lines.map(draw).join("\n")}\nET`;
  return [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
  ];
}

function draw(line: SetLine): string {
  const { text, size = 11, leading = 1.2 } = typeof line === "string" ? { text: line } : line;
  const escaped = text
    .replace(/[\\()]/g, (character) => `\\${character}`)
    .replace(/[€•]/g, (character) => (character === "€" ? "\u0080" : "\u0095"));
  return `/F1 ${size} Tf 0 ${-size * leading} Td (${escaped}) Tj`;
}

const lock = `<< /Filter /Standard /V 1 /R 2 /O <${"41".repeat(32)}> /U <${"42".repeat(32)}> /P -4 >>`;
