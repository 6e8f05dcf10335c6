import { commitLogContract } from "./commit-log.contract.ts";
import { memoryCommitLog } from "./memory-commit-log.ts";

commitLogContract("memory", async () => ({ log: memoryCommitLog(), close: async () => undefined }));
