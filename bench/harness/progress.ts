type Output = Pick<NodeJS.WriteStream, "write" | "isTTY">;

/** Shows how far it is: in place at a terminal, line by line elsewhere. */
export const progressLine = (output: Output) => {
  const show = (step: string, share: number): void => {
    const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
    output.write(output.isTTY ? `\r\u001b[K${percent}  ${step}` : `${percent}  ${step}\n`);
  };
  show.clear = (): void => {
    if (output.isTTY) output.write("\r\u001b[K");
  };
  return show;
};
