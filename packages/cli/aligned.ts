/** Two columns; the second goes below the first where that is long. */
export const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const width = Math.min(34, Math.max(...rows.map(([left = ""]) => left.length)));
  return rows.map(([left = "", right = ""]) =>
    left.length > width ? `  ${left}\n  ${" ".repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  );
};
