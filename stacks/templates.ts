/** The approved templates, as a file beside the code of whoever may send one. */
import type { LambdaArgs } from "./lambda.ts";
import type { Settings } from "./settings.ts";

const fileName = "templates.json";

export const templatesOf = ({
  HILO_TEMPLATES: from,
}: Settings): Required<Pick<LambdaArgs, "environment" | "files">> =>
  from === ""
    ? { environment: {}, files: [] }
    : { environment: { HILO_TEMPLATES: fileName }, files: [{ from, to: fileName }] };
