/**
 * Whether times can be told in a zone of this name. It is looked up first, for the first format that is made takes
 * 12 ms of CPU, and files with zones are checked whenever a Lambda starts.
 */
export const isTimeZone = (name: string): boolean =>
  Intl.supportedValuesOf("timeZone").includes(name) || isAccepted(name);

/** Old names, such as `US/Pacific`, are not listed. */
const isAccepted = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};
