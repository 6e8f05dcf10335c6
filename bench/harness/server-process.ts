import { startDynalite } from "../../packages/core/testing/dynalite.ts";

const { endpoint } = await startDynalite();
process.send?.(Number(new URL(endpoint).port));
process.once("disconnect", () => process.exit(0));
