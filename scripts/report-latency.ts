// Prints what docs/answers.md has of the latency budget: npm run report:latency

import { latencyTables, runs, seed } from "./latency/table.ts";

console.log(`${runs.toLocaleString("en")} simulated answers for each model, seed ${seed}.\n`);
console.log(latencyTables());
