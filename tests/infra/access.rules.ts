/** That nobody may do more than they do: roles, resource policies, secrets. */
import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import {
  add,
  all,
  arnOf,
  change,
  environments,
  faults,
  isTlsOnly,
  Policy,
  replace,
  resources,
  statements,
  type Graph,
  type Rule,
  type Statement,
} from "./graph.ts";

const Role = z.object({
  assumeRolePolicy: Policy,
  managedPolicyArns: z.array(z.string()).default([]),
});

/** What AWS can't narrow, and one policy that SST needs once per account. Nothing else may be as wide. */
const allowed: { why: string; is(role: string, statement: Statement): boolean }[] = [
  {
    why: "ListStreams knows no resource; Lambda asks for it before it reads the stream",
    is: (role, { Action }) => role === "PublishEventsRole" && Action.join() === "dynamodb:ListStreams",
  },
  {
    why: "X-Ray knows no resources",
    is: (_, { Action }) => Action.every((action) => /^xray:Put\w+$/.test(action)),
  },
  {
    why: "Lambda makes network interfaces in the name of a function, and EC2 can't narrow what it describes",
    is: (role, { Action }) =>
      ["GenerateReplyRole", "SummariseContextRole"].includes(role) &&
      Action.every((action) =>
        /^ec2:((Create|Delete|Describe)NetworkInterfaces?|DescribeSubnets|(Una|A)ssignPrivateIpAddresses)$/.test(
          action,
        ),
      ),
  },
];

/** Lets API Gateway write access logs: a setting of the whole account, which SST makes when nobody has. */
const managedAllowed = ["APIGatewayPushToCloudWatchLogsRole"];

/** `s3:*` and `dynamodb:Get*` are wide, `arn:…:log-group:/aws/lambda/x:*` and `bucket/*` are not. */
const isWideResource = (resource: string): boolean =>
  resource === "*" || /^arn:aws:[^:]*:[^:]*:[^:]*:?\*/.test(resource);

const bundleText = (graph: Graph, logical: string): string => {
  const bundle = graph.bundles[logical];
  return bundle?.outputs.map((file) => readFileSync(file, "utf8")).join("\n") ?? "";
};

const logicalOf = (resource: string): string => resource.replace(/(Function|Role)$/, "");

export const accessRules: Record<string, Rule> = {
  "no role has a wildcard for an action or a resource": {
    check: (graph) =>
      faults(
        statements(graph).filter(({ name, statement }) => !allowed.some(({ is }) => is(name, statement))),
        ({ statement: { Effect, Action, Resource = [] } }) => {
          if (Effect !== "Allow") return undefined;
          if (Action.some((action) => action.includes("*"))) return `may ${Action.join(", ")}`;
          return Resource.some(isWideResource) && `may ${Action.join(", ")} on ${Resource.join(", ")}`;
        },
      ),
    breaks: {
      "all actions of a service": replace("role", "ContextRole", "dynamodb:Query", "dynamodb:*"),
      "some actions": replace("role", "ContextRole", "dynamodb:Query", "dynamodb:Q*"),
      "every resource": replace(
        "role",
        "QueriesRole",
        "arn:aws:kms:us-east-1:000000000000:key/PersonsKey",
        "*",
      ),
      "every table": replace("role", "QueriesRole", "000000000000:table/hilo", "000000000000:*"),
      "what another may": replace(
        "role",
        "QueriesRole",
        "arn:aws:kms:us-east-1:000000000000:key/PersonsKey",
        "arn:aws:kms:*:*:*",
      ),
    },
  },

  "what is allowed to be wide is still there": {
    check: (graph) =>
      statements(graph).some(({ name, statement }) => allowed[0]?.is(name, statement))
        ? []
        : ["ListStreams is gone"],
    breaks: { gone: replace("role", "PublishEventsRole", "dynamodb:ListStreams", "dynamodb:ListTables") },
  },

  "no role has a managed policy": {
    check: (graph) =>
      faults(
        all(graph, "role", Role).filter(({ name }) => !managedAllowed.includes(name)),
        ({ managedPolicyArns }) => managedPolicyArns.join(", "),
      ),
    breaks: {
      "SST's default": change("role", "ContextRole", "managedPolicyArns", [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      ]),
    },
  },

  "each role is one service's, never an account's": {
    check: (graph) =>
      faults(all(graph, "role", Role), ({ assumeRolePolicy: { Statement } }) => {
        const principals = Statement.map(({ Principal }) => (typeof Principal === "object" ? Principal : {}));
        if (principals.some((principal) => Object.keys(principal).join() !== "Service"))
          return "not only a service's";
        return principals.flatMap(({ Service = [] }) => Service).length !== 1 && "not one service's";
      }),
    breaks: {
      "SST's fault: the account": replace(
        "role",
        "ContextRole",
        '"Principal":{"Service":["lambda.amazonaws.com"]}',
        '"Principal":{"Service":["lambda.amazonaws.com"],"AWS":["arn:aws:iam::000000000000:root"]}',
      ),
      "two services": replace(
        "role",
        "ContextRole",
        '["lambda.amazonaws.com"]',
        '["lambda.amazonaws.com","s3.amazonaws.com"]',
      ),
    },
  },

  "each queue takes messages from one rule of ours, over TLS": {
    check: (graph) => {
      const policies = all(graph, "queuePolicy", z.object({ queueUrl: z.string(), policy: Policy }));
      return faults(resources(graph, "queue"), ({ outputs }) => {
        const policy = policies.find(({ queueUrl }) => queueUrl === outputs["url"]);
        if (!policy) return "no policy";
        const { Statement } = policy.policy;
        const open = Statement.filter(({ Effect }) => Effect === "Allow").some(
          ({ Condition }) => Condition?.["ArnEquals"]?.["aws:SourceArn"]?.length !== 1,
        );
        if (open) return "takes from anyone";
        return !Statement.some(isTlsOnly) && "not over TLS only";
      });
    },
    breaks: {
      "SST's fault: any rule, topic or bucket": replace(
        "queuePolicy",
        "ContextQueuePolicy",
        '"Condition":{"ArnEquals"',
        '"Not":{"ArnEquals"',
      ),
      "plain HTTP": replace(
        "queuePolicy",
        "PublishEventsDeadLettersPolicy",
        "aws:SecureTransport",
        "aws:SecureTransit",
      ),
      "no policy": (graph) =>
        void (graph.resources = graph.resources.filter(({ name }) => name !== "ContextDeadLettersPolicy")),
    },
  },

  "who may invoke a function says for which of its resources": {
    check: (graph) =>
      faults(
        all(
          graph,
          "invokePermission",
          z.object({ sourceArn: z.string().default(""), principal: z.string() }),
        ),
        ({ sourceArn, principal }) =>
          (principal === "*" || !sourceArn.startsWith("arn:aws:execute-api:")) && "anyone",
      ),
    breaks: {
      "no source": change("invokePermission", "ApiRouteWebhookPermissions", "sourceArn", undefined),
      everyone: change("invokePermission", "ApiRouteWebhookPermissions", "principal", "*"),
    },
  },

  "nothing but IAM lets anybody erase a person, and only that function destroys keys": {
    check: (graph) => {
      const keys = arnOf(graph, "table", "KeysTable");
      const reached = resources(graph, "invokePermission").filter(({ inputs }) =>
        /erase-contact|forget-idle/.test(JSON.stringify(inputs)),
      );
      const may = statements(graph)
        .filter(({ statement: { Resource = [] } }) => Resource.includes(keys))
        .filter(({ statement: { Action } }) => Action.includes("dynamodb:PutItem"))
        .map(({ name }) => name);
      const wanted = withRetention(graph, writesKeys, "ForgetIdleRole");
      return [
        ...reached.map(({ name }) => `${name} lets somebody erase`),
        ...(may.toSorted().join() === wanted.join() ? [] : [`keys are written by ${may.join(", ")}`]),
      ];
    },
    breaks: {
      "a way in": add("invokePermission", "Way", {
        function: "hilo-production-erase-contact",
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:us-east-1:000000000000:x",
      }),
      "who only commands": replace("role", "CommandsRole", "dynamodb:GetItem", "dynamodb:PutItem"),
      "nobody can": replace("role", "EraseContactRole", "KeysTable", "OtherTable"),
    },
  },

  "secrets are in no function's environment": {
    check: (graph) =>
      faults(environments(graph), ({ variables }) =>
        Object.keys(variables).some((key) =>
          /(SECRET|TOKEN|API_KEY|PASSWORD)(?!_ARN$|_SECRET_ARN$)/.test(key),
        ) || Object.values(variables).some((value) => value.startsWith("secret-"))
          ? "a secret in plain sight"
          : undefined,
      ),
    breaks: {
      "by name": change("function", "SendMessageFunction", "environment.variables.HILO_GRAPH_TOKEN", "x"),
      "by value": change(
        "function",
        "SendMessageFunction",
        "environment.variables.HILO_X",
        "secret-of-GraphToken",
      ),
    },
  },

  "each function has the secrets that its code asks for, and no other": {
    check: (graph) => {
      const secrets = graph.resources.filter(({ type }) => type === "sst:sst:Secret").map(({ name }) => name);
      return faults(environments(graph), ({ name, variables }) => {
        const bundle = graph.bundles[logicalOf(name)];
        if (!bundle) return "was not built";
        const granted = Object.keys(linksOf(bundle.out, variables["SST_KEY"] ?? ""));
        const text = bundleText(graph, logicalOf(name));
        const used = secrets.filter((secret) => text.includes(`("${secret}")`));
        return (
          used.toSorted().join() !== granted.toSorted().join() &&
          `uses [${used.join()}], has [${granted.join()}]`
        );
      });
    },
    breaks: {
      "one more is asked for": (graph) =>
        void graph.resources.push({ ...secretNamed(graph), name: "sha256" }),
      "one is not": (graph) =>
        void (graph.resources = graph.resources.filter(({ name }) => name !== "GraphToken")),
    },
  },

  "each function's environment is what its code reads": {
    check: (graph) =>
      faults(environments(graph), ({ name, variables }) => {
        const text = bundleText(graph, logicalOf(name));
        const given = Object.keys(variables).filter((key) => key.startsWith("HILO_"));
        // As in `lambdaSettings(["HILO_A", "HILO_B"])`.
        const unread = given.filter((key) => !new RegExp(`[[,]"${key}"[\\],]`).test(text));
        return unread.length > 0 && `is given ${unread.join(", ")} for nothing`;
      }),
    breaks: {
      "one more": change(
        "function",
        "SendMessageFunction",
        "environment.variables.HILO_NOBODY_READS_ME",
        "x",
      ),
    },
  },

  "who only reads changes no table": {
    check: (graph) =>
      faults(
        statements(graph).filter(({ name }) => name === "QueriesRole"),
        ({ statement: { Action } }) => {
          const changing = Action.filter((action) => /^dynamodb:(Put|Update|Delete|BatchWrite)/.test(action));
          return changing.length > 0 && `may ${changing.join(", ")}`;
        },
      ),
    breaks: {
      "a table": replace("role", "QueriesRole", '"dynamodb:BatchGetItem"', '"dynamodb:PutItem"'),
    },
  },

  "rates and circuits are held by who sends, asks the model or hears of refusals": {
    check: (graph) => {
      const limits = arnOf(graph, "table", "LimitsTable");
      const may = statements(graph)
        .filter(({ statement: { Resource = [] } }) => Resource.includes(limits))
        .map(({ name, statement }) => `${name} ${statement.Action.map((each) => each.slice(9)).join("+")}`);
      return may.toSorted().join() === holdsLimits.join() ? [] : [may.join(", ")];
    },
    breaks: {
      "the webhook reads them": replace(
        "role",
        "ReceiveWebhookRole",
        '"Action":["dynamodb:UpdateItem"],',
        '"Action":["dynamodb:UpdateItem","dynamodb:GetItem"],',
      ),
      "a projection, too": replace("role", "ContextRole", "SnapshotsTable", "LimitsTable"),
      "who sends can't": replace("role", "SendMessageRole", "LimitsTable", "OtherTable"),
    },
  },

  "files are kept by who fetches them, read by who answers, and deleted by who erases": {
    check: (graph) => {
      const bucket = arnOf(graph, "bucket", "MediaBucket");
      const may = statements(graph)
        .filter(({ statement: { Resource = [] } }) => Resource.some((each) => each.startsWith(bucket)))
        .map(({ name, statement: { Action, Resource = [] } }) =>
          [name, Action.join("+"), ...Resource.map((each) => each.replace(bucket, ""))].join(" ").trimEnd(),
        );
      const wanted = withRetention(
        graph,
        holdsMedia,
        "ForgetIdleRole s3:DeleteObject /*",
        "ForgetIdleRole s3:ListBucket",
      );
      return may.toSorted().join() === wanted.join() ? [] : [may.join(", ")];
    },
    breaks: {
      "who answers writes": replace("role", "QueriesRole", "s3:GetObject", "s3:PutObject"),
      "who fetches reads": replace("role", "FetchMediaRole", "s3:PutObject", "s3:GetObject"),
      "who erases can't": replace("role", "EraseContactRole", "s3:DeleteObject", "s3:GetObject"),
    },
  },

  "people are told by who notifies them, through one topic, encrypted with our key": {
    check: (graph) => {
      const topic = resources(graph, "topic").find(({ name }) => name === "Notices");
      const key = arnOf(graph, "key", "AtRestKey");
      const publishes = statements(graph).filter(({ statement }) => statement.Action.includes("sns:Publish"));
      const mails = statements(graph).filter(({ statement }) => statement.Action.includes("ses:SendEmail"));
      const only = publishes
        .map(({ name, statement }) => `${name} ${(statement.Resource ?? []).join()}`)
        .join();
      return [
        ...(topic?.inputs["kmsMasterKeyId"] === key ? [] : ["not our key"]),
        ...(only === `NotifyPeopleRole ${String(topic?.outputs["arn"])}` ? [] : [`published by ${only}`]),
        ...faults(mails, ({ name, statement: { Condition } }) => {
          if (name !== "NotifyPeopleRole") return "mails";
          return Condition?.["StringEquals"]?.["ses:FromAddress"]?.length !== 1 && "mails from any address";
        }),
      ];
    },
    breaks: {
      "AWS's key": change("topic", "Notices", "kmsMasterKeyId", "alias/aws/sns"),
      "another topic": replace(
        "role",
        "NotifyPeopleRole",
        "hilo-production-notices",
        "hilo-production-alerts",
      ),
      "nobody may": replace("role", "NotifyPeopleRole", "sns:Publish", "sns:Subscribe"),
      "mail from anywhere": replace("role", "NotifyPeopleRole", "sqs:SendMessage", "ses:SendEmail"),
      "mail by another": replace("role", "SendMessageRole", "sqs:SendMessage", "ses:SendEmail"),
    },
  },

  "each function may ask DynamoDB and KMS only for what its code can ask": {
    check: (graph) =>
      faults(statements(graph), ({ name, statement: { Action } }) => {
        const text = bundleText(graph, logicalOf(name));
        if (!text || Action.join() === "kms:Decrypt") return undefined;
        const unused = Action.filter((action) => /^(dynamodb|kms):/.test(action))
          .map((action) => action.slice(action.indexOf(":") + 1))
          .filter((action) => !polled.includes(action) && !text.includes(`${action}Command`));
        return unused.length > 0 && `may ${unused.join(", ")} for nothing`;
      }),
    breaks: {
      "one more": replace("role", "ContextRole", "dynamodb:Query", "dynamodb:RestoreTableFromBackup"),
    },
  },
};

const secretNamed = (graph: Graph) => {
  const found = graph.resources.find(({ type }) => type === "sst:sst:Secret");
  if (!found) throw new Error("there is no secret to break");
  return found;
};

/** As SST's SDK reads them. */
const linksOf = (folder: string, key: string): Record<string, unknown> => {
  const sealed = readFileSync(path.join(folder, "resource.enc"));
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.alloc(12));
  decipher.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString();
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
};

/** With what is there where somebody is forgotten by time. */
const withRetention = (graph: Graph, all: string[], ...more: string[]): string[] =>
  resources(graph, "schedule").length > 0 ? [...all, ...more].toSorted() : all;

/** Makes persons' keys, or destroys them. */
const writesKeys = ["EraseContactRole", "GenerateReplyRole", "ReceiveWebhookRole", "SendMessageRole"];

/** Who does what to the table of limits, in order of name. */
const holdsLimits = [
  "GenerateReplyRole GetItem+UpdateItem+DeleteItem",
  "ReceiveWebhookRole UpdateItem",
  "SendMessageRole GetItem+UpdateItem+DeleteItem",
  "SummariseContextRole GetItem+UpdateItem+DeleteItem",
];

/** Who does what to the bucket of media, in order of name. */
const holdsMedia = [
  "EraseContactRole s3:DeleteObject /*",
  "EraseContactRole s3:ListBucket",
  "FetchMediaRole s3:PutObject+s3:DeleteObject /*",
  "QueriesRole s3:GetObject /*",
];

/** Made by Lambda's poller in the name of the function. */
const polled = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
