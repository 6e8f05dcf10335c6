import { it } from "vitest";
import { runHilo } from "./testing/hilo-on-disk.ts";

const nowhere = { HILO_DATA_DIR: "/nonexistent/hilo" };

it.concurrent.for<readonly [args: string[], reason: string]>([
  [["evnts"], 'there is no command "evnts"; did you mean hilo events? (see hilo --help)'],
  [["events"], "<conversation> is missing (see hilo events --help)"],
  [["events", "x", "y"], '"y" is one argument too many (see hilo events --help)'],
  [["events", "--folow", "x"], "there is no option --folow; did you mean --follow? (see hilo events --help)"],
  [["send", "", "--as", "34600000047"], "<text…> is empty: say what they write (see hilo send --help)"],
  [["knowledge", "test", " "], "[question] is empty: ask something"],
  [["send", "hi"], "--as <contact> is missing: say who writes (see hilo send --help)"],
  [
    ["rebuild", "transcrip"],
    'there is no view "transcrip"; did you mean transcript? (see hilo rebuild --help)',
  ],
  [["conversations", "--limit", "0"], "--limit takes a whole number from 1 on"],
  [["dlq", "redrive", "send"], 'there is no queue "send"; there are '],
])("%j is called wrongly", async ([args, reason], { expect }) => {
  const { code, stdout, stderr } = await runHilo(nowhere, ...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`hilo: ${reason}`);
});

it.concurrent("hilo alone shows the commands, and --help one of them with examples", async ({ expect }) => {
  const [alone, help] = await Promise.all([runHilo(nowhere), runHilo(nowhere, "erase", "--help")]);
  expect(alone).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringMatching(/send .*\n.*conversations .*\n/) as string,
  });
  expect(help).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining("Examples\n  hilo erase ") as string,
  });
});

it.concurrent("without data it says how to come by some, and makes none", async ({ expect }) => {
  const { code, stderr } = await runHilo(nowhere, "conversations");
  expect([code, stderr]).toEqual([
    1,
    "hilo: there is no Hilo data in /nonexistent/hilo: start Hilo once with npm start, or name another directory with --data-dir\n",
  ]);
});

it.concurrent("a wrong setting is named, and doctor tells of it like of everything else", async ({
  expect,
}) => {
  const env = { ...nowhere, HILO_PORT: "many" };
  const [list, doctor] = await Promise.all([runHilo(env, "conversations"), runHilo(env, "doctor")]);
  expect(list).toMatchObject({
    code: 1,
    stderr: "hilo: HILO_PORT: expected a whole number from 0 to 65535\n",
  });
  expect(doctor).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("✗ HILO_PORT: expected") as string,
  });
});
