import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Alias, Contact, Identities } from "./identities.ts";

/** `p1` is a phone, `u1` a user id, `e1` the parent user id that an enterprise sees. */
const aliases = (names: string): Alias[] =>
  names
    .split(" ")
    .map((name) => ({ kind: name.startsWith("p") ? "phone" : "user-id", hash: `hash of ${name}` }));

const id = (number: number): string => `01J${String(number).padStart(23, "0")}`;

type Rule = [rule: string, given: string[], sighting: string, contacts: string, groups: string[]];

/**
 * Contact 1 is made by the first sighting of `given`, contact 2 by the second …, contact 9 by `sighting`,
 * whose outcome is `contacts`: the contact, then all that it absorbed.
 */
const unlinked: Rule[] = [
  ["an unknown phone is a new contact", [], "p1", "9", ["p1"]],
  ["an unknown user id is a new contact", [], "u1", "9", ["u1"]],
  ["all aliases of a message are one person's", [], "p1 u1 e1", "9", ["p1 u1 e1"]],
  ["a known phone is its contact", ["p1 u1"], "p1", "1", ["p1 u1"]],
  ["a known user id is its contact", ["p1 u1"], "u1", "1", ["p1 u1"]],
  ["a phone's contact gains a user id", ["p1"], "p1 u1", "1", ["p1 u1"]],
  ["a phone's contact gains both user ids", ["p1"], "p1 u1 e1", "1", ["p1 u1 e1"]],
  ["a user id's contact gains a phone", ["u1"], "p1 u1", "1", ["p1 u1"]],
  ["a user id's contact gains another phone", ["p1 u1"], "p2 u1", "1", ["p1 p2 u1"]],
  ["a user id's contact gains a parent", ["p1 u1"], "p1 u1 e1", "1", ["p1 u1 e1"]],
  ["a parent's contact gains a user id", ["p1 u1 e1"], "p1 u2 e1", "1", ["p1 u1 u2 e1"]],
  ["a bare phone and a user id merge", ["p1", "u1"], "p1 u1", "1 2", ["p1 u1"]],
  ["they merge into the oldest", ["u1", "p1"], "p1 u1", "1 2", ["p1 u1"]],
  ["a bare phone merges with a person", ["p1", "p2 u1"], "p1 u1", "1 2", ["p1 p2 u1"]],
  ["a user id and a parent in one message merge", ["u1", "e1"], "u1 e1", "1 2", ["u1 e1"]],
  ["they merge though each has a phone", ["p1 u1", "p2 e1"], "u1 e1", "1 2", ["p1 p2 u1 e1"]],
  ["three contacts merge at once", ["p1", "u1", "e1"], "p1 u1 e1", "1 2 3", ["p1 u1 e1"]],
  ["a phone with an unknown user id has a new owner", ["p1 u1"], "p1 u2", "9", ["u1", "p1 u2"]],
  ["so has one with an unknown parent too", ["p1 u1 e1"], "p1 u2 e2", "9", ["u1 e1", "p1 u2 e2"]],
  ["a phone moves to a known user id", ["p1 u1", "u2"], "p1 u2", "2", ["u1", "p1 u2"]],
  ["it moves beside the owner's other phone", ["p1 u1", "p2 u2"], "p1 u2", "2", ["u1", "p1 p2 u2"]],
  ["a phone moves back", ["p1 u1", "p1 u2"], "p1 u1", "1", ["p1 u1", "u2"]],
  ["a phone that moved is its new owner", ["p1 u1", "p1 u2"], "p1", "2", ["u1", "p1 u2"]],
  ["a phone moves while user ids merge", ["p1 u1", "u2", "e2"], "p1 u2 e2", "2 3", ["u1", "p1 u2 e2"]],
  ["two bare phones merge", ["p1", "p2"], "p1 p2", "1 2", ["p1 p2"]],
  ["of two persons' phones the first decides", ["p1 u1", "p2 u2"], "p2 p1", "2", ["u1", "p1 p2 u2"]],
];

const linked: Rule[] = [
  ["strangers' aliases stay theirs", ["p3 u3"], "p1 p2", "9", ["p3 u3", "p1 p2"]],
  ["an unknown user id takes the place of the old", ["p1 u1"], "p1 u2", "1", ["p1 u1 u2"]],
  ["an old user id and a new one are one person", ["p1 u1"], "u1 u2", "1", ["p1 u1 u2"]],
  ["a known user id still outranks a phone", ["p1 u1", "u2"], "p1 u2", "2", ["u1", "p1 u2"]],
  ["a number that was somebody else's moves", ["p1 u1", "p2 u2"], "p1 u1 p2", "1", ["p1 p2 u1", "u2"]],
  ["an old phone and a new one are one person", ["p1 u1", "p2 u2"], "p1 p2", "1 2", ["p1 p2 u1 u2"]],
  ["two owners of one phone were one person", ["p1 u1", "p1 u2"], "p1 u1 u2", "1 2", ["p1 u1 u2"]],
];

const rules = [
  ...unlinked.map((rule) => [...rule, false] as const),
  ...linked.map(([rule, ...rest]) => [`linked, ${rule}`, ...rest, true] as const),
];

const person = (contactId: string, absorbed: string[] = [], phoneNumberIds: string[] = []): Contact => ({
  contactId,
  absorbed,
  phoneNumberIds,
});

/** What every implementation of `Identities` does. `open` gives an empty one. */
export const identitiesContract = (name: string, open: () => Promise<Identities>): void => {
  describe(`${name} as identities`, () => {
    let identities: Identities;
    let made = 0;
    beforeEach(async () => {
      identities = await open();
      made = 0;
    });

    const sight = async (names: string, linked = false) => {
      made += 1;
      return identities.resolve(aliases(names), id(made), { linked });
    };
    /** Aliases that are the same contact now, the groups and their members sorted. */
    const groupsOf = async (names: Iterable<string>) => {
      const groups = new Map<string, string[]>();
      for (const alias of names) {
        const { contactId } = (await identities.find(aliases(alias))) ?? {};
        if (contactId !== undefined) groups.set(contactId, [...(groups.get(contactId) ?? []), alias]);
      }
      return [...groups.values()].map((group) => group.toSorted().join(" ")).toSorted();
    };
    const sorted = (groups: string[]) =>
      groups.map((group) => group.split(" ").toSorted().join(" ")).toSorted();

    describe.each(rules)("%s", (_, given, sighting, contacts, groups, linked) => {
      const [contactId = "", ...absorbed] = contacts.split(" ").map(Number).map(id);
      const all = new Set([...given, sighting].flatMap((names) => names.split(" ")));

      beforeEach(async () => {
        for (const names of given) await sight(names);
      });

      it("when it is seen", async () => {
        expect(await identities.resolve(aliases(sighting), id(9), { linked })).toEqual(
          person(contactId, absorbed),
        );
        expect(await groupsOf(all)).toEqual(sorted(groups));
      });

      it("when it is seen again", async () => {
        await identities.resolve(aliases(sighting), id(9), { linked });
        expect(await identities.resolve(aliases(sighting), id(10), { linked })).toEqual(
          person(contactId, absorbed),
        );
        expect(await identities.get(id(10))).toBeUndefined();
        expect(await groupsOf(all)).toEqual(sorted(groups));
      });
    });

    it("resolves in the same way whatever the order of user ids", async () => {
      await sight("u1");
      await sight("e1");
      expect(await sight("e1 u1")).toEqual(person(id(1), [id(2)]));
    });

    it("tells a phone from a user id of the same hash", async () => {
      const phone = await identities.resolve([{ kind: "phone", hash: "same" }], id(1));
      const userId = await identities.resolve([{ kind: "user-id", hash: "same" }], id(2));
      expect([phone.contactId, userId.contactId]).toEqual([id(1), id(2)]);
    });

    it("resolves nobody from no alias", async () => {
      await expect(identities.resolve([], id(1))).rejects.toThrow("no alias");
      expect(await identities.find([])).toBeUndefined();
    });

    it("never uses a contact id twice", async () => {
      await identities.resolve(aliases("p1"), id(1));
      await expect(identities.resolve(aliases("p2"), id(1))).rejects.toThrow(Error);
      expect(await identities.find(aliases("p2"))).toBeUndefined();
    });

    it("lists all that were ever absorbed, through any number of merges", async () => {
      for (const names of ["p1", "p2", "u1", "u2"]) await sight(names);
      expect(await sight("p2 u1")).toEqual(person(id(2), [id(3)]));
      expect(await sight("u1 u2", true)).toEqual(person(id(2), [id(3), id(4)]));
      const whole = person(id(1), [id(2), id(3), id(4)]);
      expect(await sight("p1 u2")).toEqual(whole);
      for (const number of [1, 2, 3, 4]) expect(await identities.get(id(number))).toEqual(whole);
    });

    it("gives one contact to many who resolve at the same time", async () => {
      const contacts = await Promise.all(Array.from({ length: 20 }, () => sight("p1 u1")));
      expect(new Set(contacts.map(({ contactId }) => contactId)).size).toBe(1);
    });

    describe("finding", () => {
      it("changes nothing, and finds who resolve would find", async () => {
        await sight("p1 u1");
        expect(await identities.find(aliases("p2 u1"))).toEqual(person(id(1)));
        expect(await identities.find(aliases("p2"))).toBeUndefined();
        expect(await identities.find(aliases("p1 u2"))).toBeUndefined();
        expect(await identities.get(id(2))).toBeUndefined();
      });
    });

    describe("forgetting", () => {
      it.each([1, 2])("contact %i forgets the whole person and nobody else", async (contact) => {
        for (const names of ["p1", "u1", "p2 u2"]) await sight(names);
        await sight("p1 u1");
        await identities.forget(id(contact));
        expect(await groupsOf(["p1", "u1", "p2", "u2"])).toEqual(["p2 u2"]);
      });

      it("makes a new contact of whoever writes next", async () => {
        await sight("p1 u1");
        await identities.forget(id(1));
        expect(await sight("p1 u1")).toEqual(person(id(2)));
      });

      it("can be repeated, and leaves what an erasure has to know", async () => {
        for (const names of ["p1", "u1", "p1 u1"]) await sight(names);
        await identities.forget(id(1));
        await identities.forget(id(2));
        await identities.forget("01JUNKNOWN");
        expect(await identities.get(id(2))).toEqual(person(id(1), [id(2)]));
        expect(await identities.get("01JUNKNOWN")).toBeUndefined();
      });
    });

    describe("placing contacts", () => {
      it("tells the numbers that a contact, or any that it absorbed, has written to", async () => {
        for (const names of ["p1", "u1", "p2"]) await sight(names);
        for (const number of ["n2", "n1", "n2"]) await identities.placeContact(id(1), number);
        for (const number of ["n3", "n1"]) await identities.placeContact(id(2), number);
        await identities.placeContact(id(3), "n4");
        expect(await identities.find(aliases("p1"))).toEqual(person(id(1), [], ["n1", "n2"]));
        expect(await sight("p1 u1")).toEqual(person(id(1), [id(2)], ["n1", "n2", "n3"]));
        await identities.placeContact(id(2), "n5");
        await identities.forget(id(1));
        expect(await identities.get(id(2))).toEqual(person(id(1), [id(2)], ["n1", "n2", "n3", "n5"]));
      });
    });

    describe("placing messages", () => {
      it("finds the stream of a message that was placed, for ever the first", async () => {
        await identities.placeMessage("m1", "conversation-1");
        await identities.placeMessage("m1", "conversation-1");
        await identities.placeMessage("m2", "conversation-2");
        await identities.placeMessage("m1", "conversation-3");
        expect(await identities.streamOfMessage("m1")).toBe("conversation-1");
        expect(await identities.streamOfMessage("m2")).toBe("conversation-2");
        expect(await identities.streamOfMessage("m3")).toBeUndefined();
      });
    });

    // Hundreds of durable writes.
    describe("in any order", { timeout: 60_000 }, () => {
      const name = (kinds: string) =>
        fc
          .tuple(fc.constantFrom(...kinds), fc.integer({ min: 1, max: 3 }))
          .map(([kind, number]) => `${kind}${number}`);
      const anySighting = fc
        .uniqueArray(name("pue"), { minLength: 1, maxLength: 3 })
        .map((names) => names.join(" "));
      /** Messages of three people who share nothing. A parent never comes without its user id. */
      const honestSighting = fc
        .tuple(fc.constantFrom("p", "u", "p u", "u e", "p u e"), fc.integer({ min: 1, max: 3 }))
        .map(([kinds, number]) =>
          kinds
            .split(" ")
            .map((kind) => kind + number)
            .join(" "),
        );
      const everyAlias = ["p", "u", "e"].flatMap((kind) => [1, 2, 3].map((number) => `${kind}${number}`));

      it("the same sightings make the same groups when nobody's phone changes hands", async () => {
        const sightings = fc.array(honestSighting, { maxLength: 8 });
        const orders = sightings.chain((list) =>
          fc.record({
            list: fc.constant(list),
            shuffled: fc.shuffledSubarray(list, { minLength: list.length }),
            repeated: fc.subarray(list),
          }),
        );
        await fc.assert(
          fc.asyncProperty(orders, async ({ list, shuffled, repeated }) => {
            identities = await open();
            for (const names of list) await sight(names);
            const once = await groupsOf(everyAlias);
            identities = await open();
            for (const names of [...shuffled, ...repeated]) await sight(names);
            expect(await groupsOf(everyAlias)).toEqual(once);
            expect(once).toEqual(connected(list));
          }),
          { numRuns: 30 },
        );
      });

      it("strangers who share phones never merge, and repeating a sighting changes nothing", async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(anySighting, { maxLength: 8 }), async (sightings) => {
            identities = await open();
            for (const names of sightings) {
              const resolved = await sight(names);
              expect(await identities.find(aliases(names))).toEqual(resolved);
              const groups = await groupsOf(everyAlias);
              expect(await sight(names)).toEqual(resolved);
              expect(await groupsOf(everyAlias)).toEqual(groups);
              expect([resolved.contactId, ...resolved.absorbed]).toEqual(
                [resolved.contactId, ...resolved.absorbed].toSorted(),
              );
            }
            const userIds = sightings.map((names) =>
              names
                .split(" ")
                .filter((one) => !one.startsWith("p"))
                .join(" "),
            );
            const userIdGroups = await groupsOf(everyAlias.filter((alias) => !alias.startsWith("p")));
            expect(userIdGroups).toEqual(connected(userIds.filter(Boolean)));
          }),
          { numRuns: 30 },
        );
      });
    });
  });
};

/** Names that come together in any sighting, directly or through others. */
const connected = (sightings: readonly string[]): string[] => {
  let groups: string[][] = [];
  for (const names of sightings.map((sighting) => sighting.split(" "))) {
    const touches = (group: string[]) => group.some((name) => names.includes(name));
    const joined = new Set([...names, ...groups.filter(touches).flat()]);
    groups = [...groups.filter((group) => !touches(group)), [...joined]];
  }
  return groups.map((group) => group.toSorted().join(" ")).toSorted();
};
