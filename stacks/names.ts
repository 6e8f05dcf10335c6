/** `generate-reply` as a logical name: `GenerateReply`. */
export const logicalName = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());

/** The name of what SST does not name itself, unlike any in another stage. */
export const physicalName = (name: string): string => `${$app.name}-${$app.stage}-${name}`;

export const accountId = () => aws.getCallerIdentityOutput().accountId;

export const regionName = () => aws.getRegionOutput().region;
