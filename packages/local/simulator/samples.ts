/** The customers that come with the program. Their numbers are of ranges kept for fiction and tests. */
import type { Customer } from "./shapes.ts";

type Sample = Omit<Customer, "id"> & { sample: string };

export const sampleCustomers: readonly Sample[] = [
  { sample: "lucia", name: "Lucía Ferrer", phone: "34600000012", userId: "ES.10470000000000000012" },
  { sample: "grace", name: "Grace Okafor", phone: "12025550142", userId: "US.10470000000000000142" },
  { sample: "mateo", name: "Mateo Ibáñez", phone: "34600000047", userId: "ES.10470000000000000047" },
  // As WhatsApp shows people who hide their number behind a username.
  { sample: "sam", name: "Sam Rivers", username: "sam.rivers", userId: "US.10470000000000000777" },
];
