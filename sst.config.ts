/// <reference path="./.sst/platform/config.d.ts" />

// What is deployed: `sst deploy --stage NAME`. SST wants no imports up here.
export default $config({
  async app({ stage }) {
    const { stagePolicy } = await import("./stacks/stage.ts");
    const { removal, protect } = stagePolicy(stage);
    return { name: "hilo", home: "aws", removal, protect };
  },

  async run() {
    const { closeKnownFaults } = await import("./stacks/defaults.ts");
    const { readSettings } = await import("./stacks/settings.ts");
    const { stagePolicy } = await import("./stacks/stage.ts");
    const { createSecrets } = await import("./stacks/secrets.ts");
    const { compileFiles } = await import("./stacks/knowledge.ts");
    const { createData } = await import("./stacks/data.ts");
    const { lambdas } = await import("./stacks/lambda.ts");
    const { createNotices } = await import("./stacks/notices.ts");
    const { createCache } = await import("./stacks/cache.ts");
    const { createRouting } = await import("./stacks/routing.ts");
    const { createArchive } = await import("./stacks/archive.ts");
    const { createApi } = await import("./stacks/api.ts");
    const { createErasure } = await import("./stacks/erasure.ts");
    const { createEdge } = await import("./stacks/edge.ts");
    const { createOperations } = await import("./stacks/operations.ts");
    const { createAudit } = await import("./stacks/audit.ts");
    const { createBudget } = await import("./stacks/budget.ts");

    closeKnownFaults();
    const settings = readSettings(process.env);
    const policy = stagePolicy($app.stage);
    const knowledge = await compileFiles(settings);
    const secrets = createSecrets(settings);
    const data = createData(policy);
    const lambda = lambdas({ policy, settings, secrets, data });
    const notices = createNotices({ settings, data });
    const cache = createCache({ settings, data });
    const routing = createRouting({ policy, data, secrets, settings, lambda, notices, cache, knowledge });
    const archive = createArchive({ policy, data, bus: routing.bus });
    const api = createApi({ policy, settings, secrets, data, lambda });
    const erasure = createErasure({ lambda, settings });
    const edge = createEdge({ policy, settings, api });
    const alerts = createOperations({ policy, settings, data, lambda, routing, archive, api, erasure });
    createAudit({ policy, data });
    createBudget({ policy, alerts });
    return {
      webhook: $interpolate`${edge.url}/webhook`,
      api: edge.url,
      dashboard: alerts.dashboardName,
    };
  },
});
