/** Emmett's event store on an SQLite file, with the connections that it opens itself. */
import { getSQLiteEventStore } from "@event-driven-io/emmett-sqlite";

export const openEmmett = async (fileName: string) => {
  const store = getSQLiteEventStore({ fileName, schema: { autoMigration: "CreateOrUpdate" } });
  await store.schema.migrate();
  return store;
};
