import { mapOf } from "./finding";

/** An `x-berth` block, or a part of one, that need not be of the form that its schema describes. */
export type Block = Readonly<Record<string, unknown>>;

/** The mode that a block declares for a service; it may be any value. */
export function declaredMode(block: Block, service: string): unknown {
  return mapOf(mapOf(block.services)[service]).mode;
}

/** What the routes of a block name as their services. */
export function routeTargets(block: Block): unknown[] {
  return Object.values(mapOf(block.routes)).map((route) => mapOf(route).service);
}
