/** The body, read no further than `bytesMax`; undefined where there is more. */
export const limitedBytes = async (response: Response, bytesMax: number): Promise<Buffer | undefined> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** The body as text; undefined where there is more. */
export const limitedBody = async (response: Response, bytesMax: number): Promise<string | undefined> =>
  (await limitedBytes(response, bytesMax))?.toString("utf8");

/** What a body says in JSON; undefined where it says nothing in JSON, or too much. */
export const limitedJson = async (response: Response, bytesMax: number): Promise<unknown> =>
  jsonOf((await limitedBody(response, bytesMax)) ?? "");

/** Undefined where the text is no JSON. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
