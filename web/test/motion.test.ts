import assert from "node:assert/strict";
import { test } from "node:test";
import type { Columns } from "../src/data/columns";
import { Motion } from "../src/data/motion";

function columns(parts: Record<string, ArrayLike<number>>, words: Record<string, string[]> = {}): Columns {
  const kinds: Record<string, unknown> = { entity: Int32Array, carrier: Int32Array, slot: Int32Array, mode: Uint8Array, t0: Float64Array, t1: Float64Array };
  return {
    rows: Object.values(parts)[0].length,
    header: {},
    number: (name) => ({ values: new ((kinds[name] ?? Float32Array) as Float32ArrayConstructor)(parts[name]), words: words[name] ?? null }),
    texts: () => ({ text: () => "" }),
  };
}

interface Leg { entity: number; t0: number; t1: number; lat: [number, number] }
interface Ride { entity: number; carrier: number; t0: number; t1: number }

/** The rule of docs/store.md, word by word. */
function told(entity: number, t: number, legs: Leg[], rides: Ride[], start: number[]): number {
  const latest = <T extends { entity: number; t0: number }>(rows: T[]) =>
    rows.filter((r) => r.entity === entity && r.t0 <= t).sort((a, b) => b.t0 - a.t0)[0];
  const ride = latest(rides);
  if (ride && t < ride.t1) return told(ride.carrier, t, legs, rides, start);
  const leg = latest(legs);
  if (ride && (!leg || ride.t1 > leg.t0)) return told(ride.carrier, ride.t1, legs, rides, start);
  if (!leg) return start[entity];
  return t >= leg.t1 ? leg.lat[1] : leg.lat[0] + ((t - leg.t0) / (leg.t1 - leg.t0)) * (leg.lat[1] - leg.lat[0]);
}

function made(seed: number): { legs: Leg[]; rides: Ride[]; start: number[] } {
  let state = seed;
  const draw = (n: number) => (state = (state * 48271) % 2147483647) % n;
  const start = Array.from({ length: 8 }, () => draw(80));
  const legs: Leg[] = [];
  const rides: Ride[] = [];
  for (let entity = 0; entity < 8; entity++) {
    let t = draw(50);
    let lat = start[entity];
    while (t < 900) {
      const t1 = t + 1 + draw(120);
      // who rides is one of the last four, what carries one of the first
      if (entity >= 4 && draw(2)) {
        rides.push({ entity, carrier: draw(4), t0: t, t1: draw(9) ? t1 : Infinity });
        if (rides[rides.length - 1].t1 === Infinity) break;
      } else {
        const next = draw(80);
        legs.push({ entity, t0: t, t1, lat: [lat, next] });
        lat = next;
      }
      t = t1 + draw(100);
    }
  }
  return { legs, rides, start };
}

test("positions follow the rule of the store, whatever the order of the instants", async () => {
  for (let seed = 1; seed < 120; seed++) {
    const { legs, rides, start } = made(seed);
    const half = legs.filter((_, i) => i % 2 === 0);
    const rest = legs.filter((_, i) => i % 2 === 1);
    const packed = (rows: Leg[]) =>
      columns(
        {
          entity: rows.map((l) => l.entity), t0: rows.map((l) => l.t0), t1: rows.map((l) => l.t1),
          lat0: rows.map((l) => l.lat[0]), lat1: rows.map((l) => l.lat[1]),
          lon0: rows.map((l) => l.lat[0]), lon1: rows.map((l) => l.lat[1]), mode: rows.map(() => 0),
        },
        { mode: ["road"] },
      ); // prettier-ignore
    const source = {
      served: false,
      columns: async (path: string) => {
        if (path.startsWith("/positions")) return columns({ lat: start, lon: start });
        if (path === "/rides") {
          return columns({ entity: rides.map((r) => r.entity), carrier: rides.map((r) => r.carrier), slot: rides.map(() => 0), t0: rides.map((r) => r.t0), t1: rides.map((r) => (r.t1 === Infinity ? NaN : r.t1)) });
        }
        return packed(path.endsWith("=0") ? half : rest);
      },
    };
    const model = { source, entities: { rows: 8 }, run: { sim_start: 0, segments: [{ segment: 0 }, { segment: 1 }] } };
    const motion = new Motion(model as never);
    await motion.load(() => undefined);
    for (const t of [0, 500, 501, 502, 40, 1100, 3, 777, 776, 250, 251, 999]) {
      motion.show(t);
      for (let entity = 0; entity < 8; entity++) {
        const wanted = told(entity, t, legs, rides, start);
        assert.ok(Math.abs(motion.lat[entity] - wanted) < 1e-4, `seed ${seed}, entity ${entity} at ${t}: ${motion.lat[entity]}, not ${wanted}`);
        assert.equal(motion.at(entity, t)[0].toFixed(3), wanted.toFixed(3));
      }
    }
  }
});
