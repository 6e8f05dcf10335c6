/** The faults of SST's own components that matter here, closed once for all of them. `tests/infra` holds them closed. */

type Statement = {
  Principal?: { Service?: string; AWS?: unknown };
  [more: string]: unknown;
};

export const closeKnownFaults = (): void => {
  $transform(aws.iam.Role, (args) => {
    // In `sst dev` a Lambda's role is lent to the developer's machine, which needs the trust that we take away.
    if ($dev) return;
    args.assumeRolePolicy = $util.output(args.assumeRolePolicy).apply(trustingServicesOnly);
  });
  // A link grants `dynamodb:*`, `sqs:*`, `events:*`, `s3:*`. Ours name what they need (`access.ts`), so a link grants nothing.
  sst.Linkable.wrap(sst.aws.Dynamo, ({ name }) => ({ properties: { name } }));
  sst.Linkable.wrap(sst.aws.Queue, ({ url }) => ({ properties: { url } }));
  sst.Linkable.wrap(sst.aws.Bus, ({ name }) => ({ properties: { name } }));
  sst.Linkable.wrap(sst.aws.Bucket, ({ name }) => ({ properties: { name } }));
};

/** `function.ts` asks `!dev` of an Output, so every Lambda's role trusts the whole account. */
const trustingServicesOnly = (policy: unknown): string => {
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement: Statement[] };
  return JSON.stringify({ ...document, Statement: document.Statement.map(withoutAccount) });
};

const withoutAccount = (statement: Statement): Statement => {
  if (statement.Principal?.Service === undefined) return statement;
  const { AWS: _, ...Principal } = statement.Principal;
  return { ...statement, Principal };
};
