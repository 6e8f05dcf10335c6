import { eventsPerDecision } from "../../shared/history.ts";
import { reading } from "./rows.ts";

export const contender = reading(eventsPerDecision);
