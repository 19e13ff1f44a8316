/** What belongs together: data, instant, view and what was chosen; and what can be done with it. */

import type { Clock } from "./clock";
import { iso } from "./clock";
import type { Carried, ExerciseEvent, Model } from "./data/model";
import type { Motion } from "./data/motion";
import type { Live } from "./live";
import type { View } from "./map/projection";
import type { Figure } from "./panels/claim";
import type { Found } from "./panels/search";
import { Sides } from "./sides";
import type { Picture, Selected, Store } from "./state";

export interface Target {
  serial: string;
  target: number;
  lat: number | null;
  lon: number | null;
  error_m: number | null;
  age_s: number | null;
  level: string;
  in_contact: boolean;
}

/** Kinds of event that tell little by themselves: "next event" passes over them. */
const MINOR = new Set(["dismounted", "mounted", "deployed", "head_arrived", "tail_arrived", "entered_area", "left_area", "march_started"]);

export class App {
  readonly sides: Sides;
  /** Grows whenever something else than view, time and positions asks for a new picture. */
  version = 0;
  measured: [number, number][] = [];
  private readonly asking = new Set<Picture>();
  readonly pictures = new Map<Picture, { t: number; targets: Target[] }>();
  /** Rows of entities by name, of those that were looked up. */
  readonly rowOfName = new Map<string, number>();
  figures: Promise<{ figures: Figure[] }> | null = null;
  /** While the run is being computed. */
  live: Live | null = null;
  /** Share of the legs that are here. */
  loadedShare = 0;
  private readonly frameListeners = new Set<() => void>();
  private readonly changeListeners = new Set<() => void>();

  constructor(
    readonly model: Model,
    readonly motion: Motion,
    readonly clock: Clock,
    readonly view: View,
    readonly store: Store,
  ) {
    this.sides = new Sides(model, clock, store);
    store.listen(() => this.changed());
  }

  /** Whether the run tells what each side knew. */
  get hasPictures(): boolean {
    return (this.model.run.rows.tracks ?? 0) > 0;
  }

  /** Pictures that a link asks for, as far as the run has them. */
  panesOf(asked: Picture[] | undefined): Picture[] {
    return asked && this.hasPictures ? asked : ["truth"];
  }

  /** Draw anew: something changed. */
  changed(): void {
    this.version++;
    for (const listener of this.changeListeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** Call with each frame. */
  onFrame(listener: () => void): () => void {
    this.frameListeners.add(listener);
    return () => this.frameListeners.delete(listener);
  }

  frame(): void {
    for (const listener of this.frameListeners) listener();
  }

  seek(t: number): void {
    if (this.live) this.live.newest = false;
    this.clock.seek(t);
    this.changed();
  }

  togglePlay(): void {
    if (!this.clock.playing && this.clock.t >= this.clock.end) this.clock.seek(this.clock.begin);
    this.clock.playing = !this.clock.playing;
    this.changed();
  }

  toggleMeasure(): void {
    this.measured = [];
    this.store.set({ measuring: !this.store.state.measuring });
  }

  /** Index of the last event up to an instant, -1 for none. */
  eventAt(t: number): number {
    const { events } = this.model;
    let [low, high] = [0, events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle].t <= t) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Go to the next event that somebody may look for, or the one before. */
  jump(step: 1 | -1): void {
    const { events } = this.model;
    const t = this.clock.t;
    const wanted = (e: ExerciseEvent) => !MINOR.has(e.kind) && (step > 0 ? e.t > t : e.t < t);
    for (let i = step > 0 ? this.eventAt(t) + 1 : this.eventAt(t - 1); i >= 0 && i < events.length; i += step) {
      if (!wanted(events[i])) continue;
      this.seek(events[i].t);
      this.store.select({ kind: "event", id: String(events[i].event) });
      return;
    }
  }

  /** Row of the selected unit or entity, where it is one of them. */
  chosenRow(): { kind: "unit" | "entity"; row: number } | null {
    const { selected } = this.store.state;
    if (selected?.kind === "unit") {
      const unit = this.model.unitById.get(selected.id);
      return unit ? { kind: "unit", row: unit.unit } : null;
    }
    if (selected?.kind === "entity") {
      const row = /^\d+$/.test(selected.id) ? Number(selected.id) : this.rowOfName.get(selected.id);
      return row !== undefined && row < this.model.entities.rows ? { kind: "entity", row } : null;
    }
    return null;
  }

  /** What an entity senses and shoots with, as far as a range is known. */
  carriedBy(row: number): Carried[] {
    const type = this.model.types.get(this.model.entities.word(this.model.entities.type, row));
    return type ? type.carries.filter((c) => c.range_m !== null) : [];
  }

  /** Latitude and longitude of something, null where it has none. */
  whereIs(selected: Selected): [number, number] | null {
    const { model, motion, view } = this;
    if (selected.kind === "place" || selected.kind === "serial") {
      const id = selected.kind === "place" ? selected.id : model.serialById.get(selected.id)?.place;
      const place = id ? model.placeById.get(id) : undefined;
      return place ? [place.lat, place.lon] : null;
    }
    if (selected.kind === "event") {
      const event = model.events.find((e) => String(e.event) === selected.id);
      if (event?.actor != null && Number.isFinite(motion.lat[event.actor])) {
        return [motion.lat[event.actor], motion.lon[event.actor]];
      }
      const place = event?.place ? model.placeById.get(event.place) : undefined;
      return place ? [place.lat, place.lon] : null;
    }
    const chosen = this.chosenRow();
    if (!chosen) return null;
    if (chosen.kind === "entity") {
      const at: [number, number] = [motion.lat[chosen.row], motion.lon[chosen.row]];
      return Number.isFinite(at[0]) ? at : null;
    }
    const unit = model.units[chosen.row];
    let [x, y, n] = [0, 0, 0];
    for (let e = unit.first; e < unit.last; e++) {
      if (!Number.isFinite(motion.lat[e])) continue;
      view.plane.project(motion.lat[e], motion.lon[e]);
      x += view.plane.x;
      y += view.plane.y;
      n++;
    }
    return n ? view.plane.invert(x / n, y / n) : null;
  }

  /** Where the exercise is held: what is seen at first. */
  extent: [number, number][] = [];

  /** Look at the whole exercise. */
  lookAtAll(): void {
    this.view.fit(this.extent, 60, 20);
    this.store.set({ follow: false });
  }

  /** Look at something, near enough to see it apart from others. */
  goTo(selected: Selected): void {
    const at = this.whereIs(selected);
    if (!at) return;
    const { view, model, motion } = this;
    const chosen = this.chosenRow();
    if (chosen?.kind === "unit") {
      const unit = model.units[chosen.row];
      const points: [number, number][] = [];
      for (let e = unit.first; e < unit.last; e++) {
        if (Number.isFinite(motion.lat[e])) points.push([motion.lat[e], motion.lon[e]]);
      }
      view.fit(points, 120);
      if (view.metresPerPixel > 4000) view.look(at[0], at[1], 4000);
    } else if (selected.kind === "place" || selected.kind === "serial") {
      const id = selected.kind === "place" ? selected.id : model.serialById.get(selected.id)!.place!;
      const place = model.placeById.get(id)!;
      if (place.rings.length) view.fit(place.rings[0].map(([lon, lat]) => [lat, lon]));
      else view.look(at[0], at[1], Math.max(10, (place.radius_m ?? 5000) / 200));
    } else view.look(at[0], at[1], Math.min(view.metresPerPixel, selected.kind === "entity" ? 40 : 400));
    this.changed();
  }

  async search(asked: string): Promise<Found[]> {
    const { source } = this.model;
    if (source.served) {
      const path = `/search?q=${encodeURIComponent(asked)}&limit=20`;
      return (await source.json<{ results: Found[] }>(path)).results;
    }
    const small = asked.toLowerCase();
    const found: Found[] = [];
    const look = (kind: Found["kind"], id: string | number, name: string, more: Partial<Found> = {}) => {
      if (found.length < 20 && name.toLowerCase().includes(small)) found.push({ kind, id, name, ...more });
    };
    for (const u of this.model.units) look("unit", u.id, u.name, { nation: u.nation, echelon: u.echelon });
    for (const p of this.model.places) look("place", p.place, p.name);
    for (const s of this.model.serials) look("serial", s.serial, s.name);
    if (found.length < 20) {
      const names = await this.model.entityNames();
      for (let e = 0; e < this.model.entities.rows && found.length < 20; e++) look("entity", e, names.text(e));
    }
    return found;
  }

  /** Ask what the sides knew at the instant shown. */
  async askPicture(side: Exclude<Picture, "truth">): Promise<void> {
    if (this.asking.has(side)) return;
    this.asking.add(side);
    try {
      const t = Math.round(this.clock.t);
      const answer = await this.model.source.json<{ targets: Target[] }>(`/picture?t=${encodeURIComponent(iso(t))}&side=${side}`);
      this.pictures.set(side, { t, targets: answer.targets });
      this.version++;
    } finally {
      this.asking.delete(side);
    }
  }
}
