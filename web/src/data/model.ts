/** The exercise as loaded: units, entities, serials, places; nothing here changes with time. */

import type { Column, Texts } from "./columns";
import type { Source } from "./source";

export interface RunInfo {
  run: string;
  title: string;
  scenario: string;
  policy: string;
  seed: number;
  sim_start: number;
  sim_end: number;
  utc_offset_h: number;
  complete: boolean;
  reached: number | null;
  digest: string | null;
  counts: Record<string, number>;
  rows: Record<string, number>;
  segments: { segment: number; legs: number; begin: number; last_start: number; end: number }[];
  sides: string[];
  version: string;
}

export interface Unit {
  unit: number;
  id: string;
  parent: number | null;
  name: string;
  echelon: string;
  nation: string;
  side: string;
  sidc: string;
  first: number;
  own_last: number;
  last: number;
  claims: string[];
}

export interface Serial {
  serial: string;
  name: string;
  task: string;
  place: string | null;
  phase: string | null;
  units: string[];
  support: string[];
  opfor: string[];
  planned_start: number;
  planned_end: number;
  start: number | null;
  end: number | null;
  outcome: string | null;
  reason: string | null;
  claims: string[];
}

export interface Place {
  place: string;
  name: string;
  kind: string;
  lat: number;
  lon: number;
  radius_m: number | null;
  rings: [number, number][][];
}

export interface Way {
  way: string;
  name: string;
  kind: string;
  line: [number, number][];
}

export interface ExerciseEvent {
  event: number;
  t: number;
  kind: string;
  actor: number | null;
  unit: number | null;
  target: number | null;
  place: string | null;
  serial: string | null;
  text: string;
  cause: number | null;
}

/** A sensor or weapon on a type of vehicle, aircraft or ship. */
export interface Carried {
  item: string;
  what: "sensor" | "weapon";
  name: string;
  kind: string;
  count: number;
  rounds: number;
  range_m: number | null;
  source: string | null;
  assumed: string | null;
}

export interface Type {
  type: string;
  name: string;
  kind: string;
  carries: Carried[];
}

export class Entities {
  readonly rows: number;
  readonly unit: Int32Array;
  readonly counted: Uint8Array;
  readonly kind: Uint8Array;
  readonly kinds: string[];
  readonly nation: Column;
  readonly sidc: Column;
  readonly type: Column;
  readonly role: Column;
  readonly isPerson: Uint8Array;
  readonly isTarget: Uint8Array;

  constructor(columns: Awaited<ReturnType<Source["columns"]>>) {
    this.rows = columns.rows;
    this.unit = columns.number("unit").values as Int32Array;
    this.counted = columns.number("counted").values as Uint8Array;
    const kind = columns.number("kind");
    this.kind = kind.values as Uint8Array;
    this.kinds = kind.words!;
    this.nation = columns.number("nation");
    this.sidc = columns.number("sidc");
    this.type = columns.number("type");
    this.role = columns.number("role");
    const person = this.kinds.indexOf("person");
    const target = this.kinds.indexOf("target");
    this.isPerson = Uint8Array.from(this.kind, (k) => +(k === person));
    this.isTarget = Uint8Array.from(this.kind, (k) => +(k === target));
  }

  word(column: Column, row: number): string {
    return column.words![column.values[row]] ?? "";
  }
}

export class Model {
  readonly unitById: Map<string, Unit>;
  serialById: Map<string, Serial>;
  readonly placeById: Map<string, Place>;
  readonly children: number[][];
  readonly roots: number[];
  /** Persons counted in the announced totals, of each unit and all below it. */
  readonly strength: Int32Array;
  events: ExerciseEvent[] = [];
  types = new Map<string, Type>();
  private names: Promise<Texts> | null = null;

  constructor(
    readonly source: Source,
    public run: RunInfo,
    readonly units: Unit[],
    public serials: Serial[],
    readonly places: Place[],
    readonly ways: Way[],
    readonly entities: Entities,
  ) {
    this.unitById = new Map(units.map((u) => [u.id, u]));
    this.serialById = new Map(serials.map((s) => [s.serial, s]));
    this.placeById = new Map(places.map((p) => [p.place, p]));
    this.children = units.map(() => []);
    this.roots = [];
    for (const u of units) (u.parent === null ? this.roots : this.children[u.parent]).push(u.unit);
    this.strength = new Int32Array(units.length);
    for (let e = 0; e < entities.rows; e++) {
      if (entities.isPerson[e] && entities.counted[e] && entities.unit[e] >= 0) {
        this.strength[entities.unit[e]]++;
      }
    }
    for (let u = units.length - 1; u >= 0; u--) {
      const parent = units[u].parent;
      if (parent !== null) this.strength[parent] += this.strength[u];
    }
  }

  /** The names of all entities; some megabytes, loaded when the first is shown. */
  entityNames(): Promise<Texts> {
    this.names ??= this.source.columns("/entities?columns=name").then((c) => c.texts("name"));
    return this.names;
  }

  /** Role of a person, type of anything else: what a symbol has beside it. */
  entityLabel(row: number): string {
    const { entities } = this;
    if (entities.isPerson[row]) return entities.word(entities.role, row);
    const type = entities.word(entities.type, row);
    return this.types.get(type)?.name ?? type;
  }

  async loadTypes(): Promise<void> {
    const { types } = await this.source.json<{ types: Type[] }>("/types");
    this.types = new Map(types.map((t) => [t.type, t]));
  }

  /** Load the events that are not here yet. */
  async loadEvents(): Promise<void> {
    for (let more = true; more; ) {
      const from = this.events.length - (this.events.length % EVENTS_AT_ONCE);
      const path = `/events?limit=${EVENTS_AT_ONCE}&offset=${from}`;
      const page = await this.source.json<{ events: ExerciseEvent[]; next: string | null }>(path);
      this.events = [...this.events.slice(0, from), ...page.events];
      more = page.next !== null;
    }
  }

  /** Ask again for what changes while a run is computed. */
  async refresh(): Promise<void> {
    this.run = await this.source.json<RunInfo>("/run");
    this.serials = (await this.source.json<{ serials: Serial[] }>("/serials")).serials;
    this.serialById = new Map(this.serials.map((s) => [s.serial, s]));
    await this.loadEvents();
  }
}

export const EVENTS_AT_ONCE = 5000;

interface Feature {
  id: string;
  geometry: { type: string; coordinates: unknown } | null;
  properties: Record<string, never>;
}

function rings(geometry: Feature["geometry"]): [number, number][][] {
  if (geometry?.type === "Polygon") return geometry.coordinates as [number, number][][];
  if (geometry?.type === "MultiPolygon") {
    return (geometry.coordinates as [number, number][][][]).flat();
  }
  return [];
}

function lines(geometry: Feature["geometry"]): [number, number][][] {
  if (geometry?.type === "LineString") return [geometry.coordinates as [number, number][]];
  if (geometry?.type === "MultiLineString") return geometry.coordinates as [number, number][][];
  return [];
}

/** Load what the first picture needs. */
export async function loadModel(source: Source): Promise<Model> {
  const [run, units, serials, places, ways, entities] = await Promise.all([
    source.json<RunInfo>("/run"),
    source.json<{ units: Unit[] }>("/units"),
    source.json<{ serials: Serial[] }>("/serials"),
    source.json<{ features: Feature[] }>("/places"),
    source.json<{ features: Feature[] }>("/ways"),
    source.columns("/entities?columns=unit,counted,kind,type,role,nation,sidc"),
  ]);
  return new Model(
    source,
    run,
    units.units,
    serials.serials,
    places.features.map((f) => ({ ...(f.properties as unknown as Place), rings: rings(f.geometry) })),
    ways.features.flatMap((f) =>
      lines(f.geometry).map((line) => ({ ...(f.properties as unknown as Way), line })),
    ),
    new Entities(entities),
  );
}
