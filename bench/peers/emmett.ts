/** Emmett's event store on an SQLite file, with the connections that it opens itself. */
import { getSQLiteEventStore } from "@event-driven-io/emmett-sqlite";

// It asks for the write-ahead log on every connection, and hears nothing of a failure, which would end the process.
process.on("uncaughtException", (error) => {
  if (!/SQLITE_BUSY|wal mode/.test(error.message)) throw error;
});

export const openEmmett = async (fileName: string) => {
  const store = getSQLiteEventStore({ fileName, schema: { autoMigration: "CreateOrUpdate" } });
  await store.schema.migrate();
  return store;
};
