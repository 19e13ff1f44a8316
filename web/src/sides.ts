/** Who plays whom at an instant, and the colours that follow from it. */

import type { Clock } from "./clock";
import type { Model, Serial, Unit } from "./data/model";
import type { Shown } from "./map/forces";
import { nationColours } from "./map/palette";
import type { Standing } from "./map/symbols";
import type { Picture, Store } from "./state";

export class Sides {
  private readonly colours: Map<string, string>;
  private dotsOf = "";
  private dots = new Uint32Array(0);
  private opposed = { from: NaN, until: NaN, units: new Uint8Array(0), of: [] as Serial[] };

  constructor(
    private readonly model: Model,
    private readonly clock: Clock,
    private readonly store: Store,
  ) {
    const strength = new Map<string, number>();
    for (const unit of model.units) {
      if (unit.parent !== null) continue;
      strength.set(unit.nation, (strength.get(unit.nation) ?? 0) + model.strength[unit.unit]);
    }
    const ranked = [...strength].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    this.colours = nationColours(ranked.map(([nation]) => nation));
  }

  /** Nations by strength, each with its colour. */
  get nations(): [string, string][] {
    return [...this.colours];
  }

  nationColour(nation: string): string {
    return this.colours.get(nation) ?? "#bbbbbb";
  }

  /** Units that play the opposing force at the instant shown: a bit each. */
  opposing(): Uint8Array {
    const { t } = this.clock;
    const known = t >= this.opposed.from && t < this.opposed.until && this.opposed.of === this.model.serials;
    if (!known) this.opposed = this.opposedAt(t);
    return this.opposed.units;
  }

  private opposedAt(t: number): typeof this.opposed {
    const { model } = this;
    const units = new Uint8Array(model.units.length);
    let [from, until] = [-Infinity, Infinity];
    for (const serial of model.serials) {
      if (!serial.opfor.length || serial.start === null) continue;
      const end = serial.end ?? Infinity;
      for (const edge of [serial.start, end]) {
        if (edge <= t) from = Math.max(from, edge);
        else until = Math.min(until, edge);
      }
      if (t < serial.start || t >= end) continue;
      for (const id of serial.opfor) {
        const unit = model.unitById.get(id);
        if (unit) for (const u of subtree(model, unit)) units[u] = 1;
      }
    }
    return { from, until, units, of: model.serials };
  }

  standingOf(unit: number): Standing {
    if (this.model.units[unit].side === "neutral") return "neutral";
    return this.opposing()[unit] ? "hostile" : "friend";
  }

  /** Whose places a picture shows as they are: own forces; null where all. */
  shownIn(picture: Picture): Shown | null {
    if (picture === "truth") return null;
    const opposing = this.opposing();
    return picture === "opposing" ? opposing : opposing.map((o) => 1 - o);
  }

  /** Colours of the dots of all entities, as words of a canvas. */
  dotColours(): Uint32Array {
    const { entities, units } = this.model;
    const { colours, dark } = this.store.state;
    const opposing = this.opposing();
    const key = [colours, dark, colours === "side" ? this.opposed.from : 0].join();
    if (key === this.dotsOf) return this.dots;
    this.dotsOf = key;
    const byUnit = units.map((u) => {
      if (u.side === "neutral") return word("#8a8a8a", dark);
      if (colours === "nation") return word(this.nationColour(u.nation), dark);
      return word(opposing[u.unit] ? "#d55e00" : "#0072b2", dark);
    });
    this.dots = Uint32Array.from(entities.unit, (u) => (u < 0 ? 0 : byUnit[u]));
    return this.dots;
  }
}

/** A unit and all below it. */
export function subtree(model: Model, unit: Unit): number[] {
  const found = [unit.unit];
  for (let i = 0; i < found.length; i++) found.push(...model.children[found[i]]);
  return found;
}

/** A colour as a canvas stores it, opaque; darker on light ground. */
function word(hex: string, dark: boolean): number {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const [r, g, b] = parts.map((p) => Math.round(dark ? p : p * 0.8));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
