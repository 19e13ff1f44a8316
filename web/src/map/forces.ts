/**
 * Which symbols are shown: units together while they fit in a symbol, apart where there is room,
 * down to the single vehicle and who rides it.
 */

import type { Model } from "../data/model";
import type { Motion } from "../data/motion";
import type { View } from "./projection";

/** A symbol to be drawn: a unit with all below it, or one entity. */
export interface Item {
  kind: "unit" | "entity";
  id: number;
  x: number;
  y: number;
  rank: number;
  /** How many others stand under it, for want of room. */
  under: number;
}

/** Pixels across which a unit must be spread before its parts are shown. */
const SPREAD_PX = 64;
/** Metres a pixel from which persons are shown one by one. */
const PERSONS_M = 0.6;
const MARGIN_PX = 60;

const RANKS = ["army", "region", "corps", "command", "division", "brigade", "regiment", "group", "ship", "squadron",
  "battalion", "battery", "company", "flight", "platoon", "section", "squad", "team"]; // prettier-ignore

/** Who is shown: every unit has a bit. */
export type Shown = Uint8Array;

export class Forces {
  readonly x: Float32Array;
  readonly y: Float32Array;
  private readonly left: Float32Array;
  private readonly right: Float32Array;
  private readonly top: Float32Array;
  private readonly bottom: Float32Array;
  private readonly sumX: Float64Array;
  private readonly sumY: Float64Array;
  private readonly count: Int32Array;
  private readonly own: { left: Float32Array; right: Float32Array; top: Float32Array; bottom: Float32Array };
  private readonly rank: Int32Array;
  private readonly rows: Int32Array[];

  constructor(
    private readonly model: Model,
    private readonly motion: Motion,
    private readonly view: View,
  ) {
    const n = model.entities.rows;
    const units = model.units.length;
    const column = () => new Float32Array(units);
    this.x = new Float32Array(n);
    this.y = new Float32Array(n);
    [this.left, this.right, this.top, this.bottom] = [column(), column(), column(), column()];
    this.own = { left: column(), right: column(), top: column(), bottom: column() };
    this.sumX = new Float64Array(units);
    this.sumY = new Float64Array(units);
    this.count = new Int32Array(units);
    this.rank = Int32Array.from(model.units, (u) => {
      const found = RANKS.indexOf(u.echelon);
      return (found < 0 ? RANKS.length : found) + (u.side === "neutral" ? 20 : 0);
    });
    const rows: number[][] = model.units.map(() => []);
    for (let e = 0; e < n; e++) if (model.entities.unit[e] >= 0) rows[model.entities.unit[e]].push(e);
    this.rows = rows.map((r) => Int32Array.from(r));
  }

  /** Work out pixels of all entities, and how far each unit is spread. */
  place(shown: Shown | null): void {
    const { model, motion, view } = this;
    const { unit } = model.entities;
    const { lat, lon, root } = motion;
    const n = model.entities.rows;
    for (let e = 0; e < n; e++) {
      if (root[e] !== e) continue;
      view.place(lat[e], lon[e]);
      this.x[e] = view.px;
      this.y[e] = view.py;
    }
    this.left.fill(Infinity);
    this.top.fill(Infinity);
    this.right.fill(-Infinity);
    this.bottom.fill(-Infinity);
    this.sumX.fill(0);
    this.sumY.fill(0);
    this.count.fill(0);
    for (let e = 0; e < n; e++) {
      const x = (this.x[e] = this.x[root[e]]);
      const y = (this.y[e] = this.y[root[e]]);
      const u = unit[e];
      if (u < 0 || x !== x || (shown && !shown[u])) continue;
      if (x < this.left[u]) this.left[u] = x;
      if (x > this.right[u]) this.right[u] = x;
      if (y < this.top[u]) this.top[u] = y;
      if (y > this.bottom[u]) this.bottom[u] = y;
      this.sumX[u] += x;
      this.sumY[u] += y;
      this.count[u]++;
    }
    this.own.left.set(this.left);
    this.own.right.set(this.right);
    this.own.top.set(this.top);
    this.own.bottom.set(this.bottom);
    for (let u = model.units.length - 1; u >= 0; u--) {
      const parent = model.units[u].parent;
      if (parent === null || !this.count[u]) continue;
      this.left[parent] = Math.min(this.left[parent], this.left[u]);
      this.right[parent] = Math.max(this.right[parent], this.right[u]);
      this.top[parent] = Math.min(this.top[parent], this.top[u]);
      this.bottom[parent] = Math.max(this.bottom[parent], this.bottom[u]);
      this.sumX[parent] += this.sumX[u];
      this.sumY[parent] += this.sumY[u];
      this.count[parent] += this.count[u];
    }
  }

  /** Pixel of the middle of a unit, null where none of it is known. */
  middleOf(unit: number): [number, number] | null {
    const n = this.count[unit];
    return n ? [this.sumX[unit] / n, this.sumY[unit] / n] : null;
  }

  /** Return the symbols to draw, the most important first; `chosen` always stands apart. */
  items(shown: Shown | null, chosen: { kind: string; row: number } | null): Item[] {
    const found: Item[] = [];
    for (const root of this.model.roots) this.visit(root, shown, found);
    if (this.view.metresPerPixel < PERSONS_M) this.persons(found, shown);
    if (chosen) {
      const middle = chosen.kind === "unit" ? this.middleOf(chosen.row) : null;
      const x = middle ? middle[0] : this.x[chosen.row];
      const y = middle ? middle[1] : this.y[chosen.row];
      const kind = chosen.kind === "unit" ? "unit" : "entity";
      if ((middle || kind === "entity") && x === x && this.near(x, y, x, y)) {
        const at = found.findIndex((i) => i.kind === kind && i.id === chosen.row);
        if (at >= 0) found.splice(at, 1);
        found.push({ kind, id: chosen.row, x, y, rank: -1, under: 0 });
      }
    }
    return found.sort((a, b) => a.rank - b.rank || a.id - b.id);
  }

  private near(left: number, top: number, right: number, bottom: number): boolean {
    const { width, height } = this.view;
    return right > -MARGIN_PX && bottom > -MARGIN_PX && left < width + MARGIN_PX && top < height + MARGIN_PX;
  }

  private visit(u: number, shown: Shown | null, found: Item[]): void {
    if (!this.count[u] || !this.near(this.left[u], this.top[u], this.right[u], this.bottom[u])) return;
    if (Math.hypot(this.right[u] - this.left[u], this.bottom[u] - this.top[u]) < SPREAD_PX) {
      const [x, y] = this.middleOf(u)!;
      found.push({ kind: "unit", id: u, x, y, rank: this.rank[u], under: 0 });
      return;
    }
    for (const child of this.model.children[u]) this.visit(child, shown, found);
    const { left, right, top, bottom } = this.own;
    if (right[u] < left[u] || !this.near(left[u], top[u], right[u], bottom[u])) return;
    const leaf = !this.model.children[u].length;
    if (!leaf && Math.hypot(right[u] - left[u], bottom[u] - top[u]) < SPREAD_PX) {
      found.push({ kind: "unit", id: u, x: (left[u] + right[u]) / 2, y: (top[u] + bottom[u]) / 2, rank: this.rank[u], under: 0 });
      return;
    }
    const { entities } = this.model;
    for (const e of this.rows[u]) {
      if (entities.isPerson[e] || this.motion.aboard[e] >= 0) continue;
      if (!this.near(this.x[e], this.y[e], this.x[e], this.y[e])) continue;
      found.push({ kind: "entity", id: e, x: this.x[e], y: this.y[e], rank: 100 + entities.isTarget[e], under: 0 });
    }
  }

  /** Put the persons aboard what is seen around it, in rings. */
  private persons(found: Item[], shown: Shown | null): void {
    const { entities } = this.model;
    const around = new Map<number, number>();
    const ring = 26;
    for (let e = 0; e < entities.rows; e++) {
      if (!entities.isPerson[e] || (shown && !shown[entities.unit[e]])) continue;
      const x = this.x[e];
      const y = this.y[e];
      if (!this.near(x, y, x, y)) continue;
      const root = this.motion.root[e];
      let n = around.get(root) ?? 0;
      around.set(root, n + 1);
      if (n > 400) continue;
      let circle = 1;
      let seats = 8;
      while (n >= seats) {
        n -= seats;
        circle++;
        seats = 8 * circle;
      }
      const angle = (2 * Math.PI * n) / seats - Math.PI / 2;
      found.push({
        kind: "entity",
        id: e,
        x: x + (ring * circle + 8) * Math.cos(angle),
        y: y + (ring * circle + 8) * Math.sin(angle),
        rank: 300,
        under: 0,
      });
    }
  }
}

/** Leave out what would stand on another, and count it there. */
export function spaced(items: Item[], apart: (item: Item) => number): Item[] {
  const CELL = 48;
  const cells = new Map<number, Item[]>();
  const kept: Item[] = [];
  const key = (cx: number, cy: number) => cx * 4096 + cy;
  for (const item of items) {
    const cx = Math.floor(item.x / CELL);
    const cy = Math.floor(item.y / CELL);
    const own = apart(item);
    let host: Item | null = null;
    for (let dx = -1; dx <= 1 && !host; dx++) {
      for (let dy = -1; dy <= 1 && !host; dy++) {
        for (const other of cells.get(key(cx + dx, cy + dy)) ?? []) {
          const reach = (own + apart(other)) / 2;
          if (Math.abs(other.x - item.x) < reach && Math.abs(other.y - item.y) < reach * 0.8) {
            host = other;
            break;
          }
        }
      }
    }
    if (host) {
      host.under++;
      continue;
    }
    kept.push(item);
    const cell = cells.get(key(cx, cy));
    if (cell) cell.push(item);
    else cells.set(key(cx, cy), [item]);
  }
  return kept;
}
