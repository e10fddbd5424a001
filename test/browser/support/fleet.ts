import { type Battery, Fleet, minutesAgo, report } from "./api";
import { sql } from "./site";

const HOURS = 24;
const STEP_MINUTES = 30;

/** A battery of the fleet: how it starts, and what it says in the end. */
interface Course {
  readonly hub: string;
  readonly name: string;
  readonly charge: number;
  readonly volts: number;
  readonly celsius: number;
  /** Error codes by the minutes ago that they were reported at. */
  readonly errors?: Readonly<Record<number, string>>;
}

const COURSES: readonly Course[] = [
  { hub: "Harbour depot", name: "Alpha", charge: 82, volts: 51.8, celsius: 23 },
  {
    hub: "Harbour depot",
    name: "Bravo",
    charge: 46,
    volts: 50.4,
    celsius: 46,
    errors: { 210: "TG", 180: "TG", 150: "TG", 0: "TG" },
  },
  { hub: "Harbour depot", name: "Charlie", charge: 91, volts: 52.3, celsius: 21 },
  { hub: "Northern station", name: "Delta", charge: 64, volts: 51.1, celsius: 18 },
  {
    hub: "Northern station",
    name: "Echo",
    charge: 31,
    volts: 49.2,
    celsius: 19,
    errors: { 660: "CBL", 0: "CBL,LOW" },
  },
  { hub: "Northern station", name: "Foxtrot", charge: 73, volts: 51.4, celsius: 20 },
];

/** Makes a fleet as a visitor would meet it: a day of reports, errors, one silent and one that never reported. */
export async function makeFleet(fleet: Fleet): Promise<Battery[]> {
  const batteries = await Promise.all(
    // In turn by hub, as a hub is made with its first battery.
    [COURSES.slice(0, 3), COURSES.slice(3)].map(async (courses) => {
      const made: Battery[] = [];
      for (const course of courses) made.push(await start(fleet, course));
      return made;
    }),
  );
  const silent = await fleet.add("Northern station", "Golf");
  await report(silent, { state_of_charge: 58, voltage: 50.9, temperature: 12 });
  await fleet.add("Northern station", "Hotel");
  // What the cron job does after a quarter of an hour of silence.
  await sql(
    `UPDATE batteries SET last_seen_at = now() - interval '3 hours', offline_since = now() - interval '165 minutes' WHERE id = ${silent.id};`,
  );
  return [...batteries.flat(), silent];
}

async function start(fleet: Fleet, course: Course): Promise<Battery> {
  const battery = await fleet.add(course.hub, course.name);
  for (let minutes = HOURS * 60; minutes >= 0; minutes -= STEP_MINUTES) {
    // A day's swing: charged by noon, used by night; nothing by chance, so that pictures are alike.
    const swing = Math.sin((minutes / (HOURS * 60)) * 2 * Math.PI + course.charge);
    await report(battery, {
      recorded_at: minutesAgo(minutes),
      state_of_charge: round(Math.min(100, Math.max(4, course.charge + swing * 14))),
      voltage: round(course.volts + swing * 0.6),
      current: round(swing * -8),
      temperature: round(course.celsius + swing * 4),
      err: course.errors?.[minutes],
    });
  }
  return battery;
}

const round = (value: number): number => Math.round(value * 10) / 10;
