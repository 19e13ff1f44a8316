/** Where everybody is at an instant: a closed form of legs and rides (docs/store.md). */

import type { Columns } from "./columns";
import type { Model } from "./model";

/** Rows of (entity, t0) sorted so that those of one entity lie together, by time. */
class Index {
  readonly first: Int32Array;
  readonly order: Int32Array;

  constructor(entities: number, parts: Int32Array[], t0: Float64Array) {
    this.first = new Int32Array(entities + 1);
    for (const part of parts) for (let i = 0; i < part.length; i++) this.first[part[i] + 1]++;
    for (let e = 0; e < entities; e++) this.first[e + 1] += this.first[e];
    this.order = new Int32Array(t0.length);
    const next = this.first.slice(0, entities);
    let row = 0;
    for (const part of parts) for (let i = 0; i < part.length; i++) this.order[next[part[i]]++] = row++;
    for (let e = 0; e < entities; e++) {
      for (let i = this.first[e] + 1; i < this.first[e + 1]; i++) {
        const moved = this.order[i];
        let at = i;
        for (; at > this.first[e] && t0[this.order[at - 1]] > t0[moved]; at--) {
          this.order[at] = this.order[at - 1];
        }
        this.order[at] = moved;
      }
    }
  }
}

function sorted<T extends Float64Array | Float32Array | Int32Array | Uint8Array>(values: T, order: Int32Array): T {
  const result = new (values.constructor as new (n: number) => T)(order.length);
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]];
  return result;
}

function joined<T extends Float64Array | Float32Array | Int32Array | Uint8Array>(kind: new (n: number) => T, parts: T[]): T {
  const result = new kind(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** The last position up to `t` in t0[first..end), or first - 1. */
function latest(t0: Float64Array, first: number, end: number, t: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t0[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** All legs of the run, those of one entity together. */
export interface Legs {
  first: Int32Array;
  t0: Float64Array;
  t1: Float64Array;
  lat0: Float32Array;
  lon0: Float32Array;
  lat1: Float32Array;
  lon1: Float32Array;
  mode: Uint8Array;
  modes: string[];
}

interface Rides {
  first: Int32Array;
  t0: Float64Array;
  t1: Float64Array;
  carrier: Int32Array;
  slot: Int32Array;
}

/**
 * Positions of all entities at the instant last asked for: `lat`, `lon` in degrees (nan where not
 * known), `root` the outermost carrier or the entity itself, `aboard` the direct one or -1.
 */
export class Motion {
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly root: Int32Array;
  readonly aboard: Int32Array;
  readonly moving: Uint8Array;
  /** Grows whenever positions changed. */
  version = 0;
  t = NaN;
  legs: Legs | null = null;
  private rides: Rides | null = null;
  private startLat: Float64Array;
  private startLon: Float64Array;
  private legAt: Int32Array;
  private rideAt: Int32Array;
  /** Of whoever alighted after the last leg began: the ride, and where it ended. */
  private alighted: Int32Array;
  private alightedLat: Float64Array;
  private alightedLon: Float64Array;

  constructor(private readonly model: Model) {
    const n = model.entities.rows;
    this.lat = new Float64Array(n).fill(NaN);
    this.lon = new Float64Array(n).fill(NaN);
    this.root = Int32Array.from({ length: n }, (_, e) => e);
    this.aboard = new Int32Array(n).fill(-1);
    this.moving = new Uint8Array(n);
    this.startLat = new Float64Array(n).fill(NaN);
    this.startLon = new Float64Array(n).fill(NaN);
    this.legAt = new Int32Array(n);
    this.rideAt = new Int32Array(n);
    this.alighted = new Int32Array(n).fill(-1);
    this.alightedLat = new Float64Array(n);
    this.alightedLon = new Float64Array(n);
  }

  /** Whether any instant can be shown without asking. */
  get loaded(): boolean {
    return this.legs !== null && this.rides !== null;
  }

  /** Take positions that the server worked out. */
  take(snapshot: Columns, t: number): void {
    const lat = snapshot.number("lat").values;
    const lon = snapshot.number("lon").values;
    const carrier = snapshot.number("carrier").values;
    const aboard = snapshot.number("aboard").values;
    const mode = snapshot.number("mode");
    const hold = mode.words!.indexOf("hold");
    for (let e = 0; e < lat.length; e++) {
      this.lat[e] = lat[e];
      this.lon[e] = lon[e];
      this.root[e] = carrier[e] >= 0 ? carrier[e] : e;
      this.aboard[e] = aboard[e];
      this.moving[e] = +(mode.values[e] !== hold);
    }
    this.t = t;
    this.version++;
  }

  /** Load every leg and ride; `told` hears of the share that is there. */
  async load(told: (share: number) => void): Promise<void> {
    const { source, run } = this.model;
    const start = await source.columns(`/positions?t=${run.sim_start}`);
    this.startLat.set(start.number("lat").values);
    this.startLon.set(start.number("lon").values);
    const rides = await source.columns("/rides");
    const segments: Columns[] = [];
    for (const { segment } of run.segments) {
      segments.push(await source.columns(`/legs?segment=${segment}`));
      told(segments.length / run.segments.length);
    }
    this.rides = this.sortRides(rides);
    this.legs = this.sortLegs(segments);
    this.legAt.set(this.legs.first.subarray(0, this.model.entities.rows));
    this.rideAt.set(this.rides.first.subarray(0, this.model.entities.rows));
    for (let e = 0; e < this.legAt.length; e++) {
      this.legAt[e]--;
      this.rideAt[e]--;
    }
  }

  private sortLegs(segments: Columns[]): Legs {
    const f64 = (name: string) =>
      joined(Float64Array, segments.map((s) => s.number(name).values as Float64Array));
    const f32 = (name: string) =>
      joined(Float32Array, segments.map((s) => s.number(name).values as Float32Array));
    const modes = [...new Set(segments.flatMap((s) => s.number("mode").words!))];
    const mode = segments.map((s) => {
      const column = s.number("mode");
      const code = column.words!.map((word) => modes.indexOf(word));
      return Uint8Array.from(column.values, (c) => code[c]);
    });
    const t0 = f64("t0");
    const parts = segments.map((s) => s.number("entity").values as Int32Array);
    const { first, order } = new Index(this.model.entities.rows, parts, t0);
    return {
      first,
      t0: sorted(t0, order),
      t1: sorted(f64("t1"), order),
      lat0: sorted(f32("lat0"), order),
      lon0: sorted(f32("lon0"), order),
      lat1: sorted(f32("lat1"), order),
      lon1: sorted(f32("lon1"), order),
      mode: sorted(joined(Uint8Array, mode), order),
      modes,
    };
  }

  private sortRides(rides: Columns): Rides {
    const t0 = rides.number("t0").values as Float64Array;
    const { first, order } = new Index(
      this.model.entities.rows,
      [rides.number("entity").values as Int32Array],
      t0,
    );
    const t1 = Float64Array.from(rides.number("t1").values, (t) => (Number.isNaN(t) ? Infinity : t));
    return {
      first,
      t0: sorted(t0, order),
      t1: sorted(t1, order),
      carrier: sorted(rides.number("carrier").values as Int32Array, order),
      slot: sorted(rides.number("slot").values as Int32Array, order),
    };
  }

  /** Work out where everybody is at `t`; needs `loaded`. */
  show(t: number): void {
    const legs = this.legs!;
    const rides = this.rides!;
    const n = this.model.entities.rows;
    for (let e = 0; e < n; e++) {
      const ride = this.advance(rides.first, rides.t0, this.rideAt, e, t);
      this.aboard[e] = ride >= rides.first[e] && rides.t1[ride] > t ? rides.carrier[ride] : -1;
      if (this.aboard[e] >= 0) continue;
      this.root[e] = e;
      const leg = this.advance(legs.first, legs.t0, this.legAt, e, t);
      const hasLeg = leg >= legs.first[e];
      if (ride >= rides.first[e] && (!hasLeg || rides.t1[ride] > legs.t0[leg])) {
        if (this.alighted[e] !== ride) {
          this.alighted[e] = ride;
          const where = this.at(rides.carrier[ride], rides.t1[ride]);
          this.alightedLat[e] = where[0];
          this.alightedLon[e] = where[1];
        }
        this.lat[e] = this.alightedLat[e];
        this.lon[e] = this.alightedLon[e];
        this.moving[e] = 0;
      } else if (hasLeg) {
        const t0 = legs.t0[leg];
        const t1 = legs.t1[leg];
        const share = t >= t1 ? 1 : (t - t0) / (t1 - t0);
        this.lat[e] = legs.lat0[leg] + share * (legs.lat1[leg] - legs.lat0[leg]);
        this.lon[e] = legs.lon0[leg] + share * (legs.lon1[leg] - legs.lon0[leg]);
        this.moving[e] = +(share < 1);
      } else {
        this.stand(e);
      }
    }
    for (let e = 0; e < n; e++) {
      let root = e;
      while (this.aboard[root] >= 0) root = this.aboard[root];
      if (root === e) continue;
      this.root[e] = root;
      this.lat[e] = this.lat[root];
      this.lon[e] = this.lon[root];
      this.moving[e] = this.moving[root];
    }
    this.t = t;
    this.version++;
  }

  /** Latitude and longitude of one entity at any instant; needs `loaded`. */
  at(entity: number, t: number): [number, number] {
    const legs = this.legs!;
    const rides = this.rides!;
    const ride = latest(rides.t0, rides.first[entity], rides.first[entity + 1], t);
    const rode = ride >= rides.first[entity];
    if (rode && rides.t1[ride] > t) return this.at(rides.carrier[ride], t);
    const leg = latest(legs.t0, legs.first[entity], legs.first[entity + 1], t);
    const hasLeg = leg >= legs.first[entity];
    if (rode && (!hasLeg || rides.t1[ride] > legs.t0[leg])) {
      return this.at(rides.carrier[ride], rides.t1[ride]);
    }
    if (!hasLeg) {
      const next = legs.first[entity];
      if (!Number.isNaN(this.startLat[entity]) || next === legs.first[entity + 1]) {
        return [this.startLat[entity], this.startLon[entity]];
      }
      return [legs.lat0[next], legs.lon0[next]];
    }
    const share = t >= legs.t1[leg] ? 1 : (t - legs.t0[leg]) / (legs.t1[leg] - legs.t0[leg]);
    return [
      legs.lat0[leg] + share * (legs.lat1[leg] - legs.lat0[leg]),
      legs.lon0[leg] + share * (legs.lon1[leg] - legs.lon0[leg]),
    ];
  }

  /** Who rides an entity directly at the instant shown, by slot. */
  ridersOf(carrier: number): number[] {
    const found: number[] = [];
    for (let e = 0; e < this.aboard.length; e++) if (this.aboard[e] === carrier) found.push(e);
    const rides = this.rides;
    if (rides) {
      const slot = (e: number) => rides.slot[latest(rides.t0, rides.first[e], rides.first[e + 1], this.t)];
      found.sort((a, b) => slot(a) - slot(b));
    }
    return found;
  }

  /** Mode of movement of whatever carries an entity at the instant shown. */
  modeOf(entity: number): string {
    const root = this.root[entity];
    if (!this.legs || !this.moving[root]) return "hold";
    const leg = latest(this.legs.t0, this.legs.first[root], this.legs.first[root + 1], this.t);
    return this.legs.modes[this.legs.mode[leg]] ?? "hold";
  }

  private stand(e: number): void {
    const legs = this.legs!;
    const next = legs.first[e];
    const known = !Number.isNaN(this.startLat[e]) || next === legs.first[e + 1];
    this.lat[e] = known ? this.startLat[e] : legs.lat0[next];
    this.lon[e] = known ? this.startLon[e] : legs.lon0[next];
    this.moving[e] = 0;
  }

  /** The last row of an entity that began by `t`; most are the same as at the instant before. */
  private advance(first: Int32Array, t0: Float64Array, at: Int32Array, e: number, t: number): number {
    let row = at[e];
    const end = first[e + 1];
    if (row >= first[e] && t0[row] > t) row = latest(t0, first[e], row, t);
    else {
      let steps = 0;
      while (row + 1 < end && t0[row + 1] <= t) {
        if (++steps > 8) {
          row = latest(t0, row + 1, end, t);
          break;
        }
        row++;
      }
    }
    at[e] = row;
    return row;
  }
}
