// The lint rules of this house that oxlint does not have.

import { analyse } from "scslre";

/** A date without arguments is a hidden clock. Time comes in with the command. */
const noClock = rule((context) => ({
  NewExpression: (node) => {
    if (node.callee.name === "Date" && node.arguments.length === 0) {
      context.report({ node, message: "`new Date()` reads the clock. Pass the time in." });
    }
  },
}));

/** A regular expression that takes more than linear time lets a stranger's message stop the process. */
const linearRegex = rule((context) => ({
  Literal: (node) => {
    if (!node.regex) return;
    const { pattern: source, flags } = node.regex;
    // "Move" is a pattern without a start anchor, slow only on long runs of nearly matching text.
    const { reports } = analyse({ source, flags }, { reportTypes: { Move: false }, maxReports: 1 });
    for (const { exponential } of reports) {
      const time = exponential ? "exponential" : "polynomial";
      context.report({ node, message: `This regular expression can take ${time} time.` });
    }
  },
}));

/** Everything is imported from where it is defined, so the dependency rules see who uses what. */
const noReExport = rule((context) => {
  const message = "No barrels: import this where it is used, from where it is defined.";
  return {
    ExportAllDeclaration: (node) => context.report({ node, message }),
    ExportNamedDeclaration: (node) => node.source && context.report({ node, message }),
  };
});

function rule(create) {
  return { create };
}

export default {
  meta: { name: "house" },
  rules: { "no-clock": noClock, "linear-regex": linearRegex, "no-re-export": noReExport },
};
