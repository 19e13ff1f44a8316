/** One map: the base, dots, symbols, and what is drawn for whatever is selected. */

import type { App } from "../app";
import type { Picture } from "../state";
import { type Basemap, Taken } from "./basemap";
import { Forces, spaced, type Item, type Shown } from "./forces";
import { drawMeasure, drawRanges, drawScale, drawTargets, drawTrack } from "./overlays";
import { DARK, LIGHT, type Palette } from "./palette";
import { Symbols, type Drawn } from "./symbols";

/** From this many metres a pixel on, every platform is a dot as well. */
const DOTS_M = 20;
/** From nearer than this many metres a pixel, vehicles and persons have their type and role beside them. */
const NAMED_M = 6;

export class Pane {
  readonly canvas = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D;
  private readonly base = document.createElement("canvas");
  private readonly dots = document.createElement("canvas");
  private baseKey = "";
  private drawnKey = "";
  private pixels: ImageData | null = null;
  private readonly symbols = new Symbols();
  readonly forces: Forces;
  drawn: (Item & { size: number })[] = [];
  picture: Picture = "truth";
  /** Of each pane the last times spent on a frame, ms. */
  spent: number[] = [];

  constructor(
    private readonly app: App,
    private readonly basemap: Basemap,
  ) {
    this.context = this.canvas.getContext("2d", { alpha: false })!;
    this.forces = new Forces(app.model, app.motion, app.view);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Map: drag or arrow keys move, + and - zoom, click selects");
  }

  get palette(): Palette {
    return this.app.store.state.dark ? DARK : LIGHT;
  }

  /** Draw, if anything has changed since the last time. */
  draw(): boolean {
    const { app } = this;
    const { view, motion, clock, store } = app;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const key = [view.version, motion.version, app.version, this.basemap.version, view.width, view.height, ratio, this.picture].join();
    if (key === this.drawnKey) return false;
    this.drawnKey = key;
    const begun = performance.now();
    const { canvas, context } = this;
    const width = Math.round(view.width * ratio);
    const height = Math.round(view.height * ratio);
    for (const c of [canvas, this.base, this.dots]) {
      if (c.width !== width || c.height !== height) {
        c.width = width;
        c.height = height;
        if (c === canvas) {
          c.style.width = `${view.width}px`;
          c.style.height = `${view.height}px`;
        }
      }
    }
    const { layers } = store.state;
    const baseKey = [view.version, this.basemap.version, width, height, JSON.stringify(layers), store.state.dark].join();
    if (baseKey !== this.baseKey) {
      this.baseKey = baseKey;
      this.basemap.draw(this.base.getContext("2d", { alpha: false })!, ratio, layers, this.palette);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.base, 0, 0);
    if (layers.night) this.basemap.drawNight(context, ratio, clock.t, this.palette);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = app.sides.shownIn(this.picture);
    this.forces.place(shown);
    if (view.metresPerPixel > DOTS_M) this.drawDots(shown, ratio);
    drawTrack(context, app, this.palette);
    this.drawItems(shown, ratio);
    if (this.picture !== "truth") drawTargets(context, app, this.picture, this.symbols, this.palette);
    if (store.state.ranges) drawRanges(context, app, this.palette);
    drawMeasure(context, app, this.palette);
    drawScale(context, app, this.palette);
    this.spent.push(performance.now() - begun);
    if (this.spent.length > 240) this.spent.shift();
    return true;
  }

  private drawDots(shown: Shown | null, ratio: number): void {
    const { app, dots } = this;
    const context = dots.getContext("2d")!;
    if (!this.pixels || this.pixels.width !== dots.width || this.pixels.height !== dots.height) {
      this.pixels = context.createImageData(dots.width, dots.height);
    }
    const words = new Uint32Array(this.pixels.data.buffer);
    words.fill(0);
    const { entities } = app.model;
    const { root } = app.motion;
    const { x, y } = this.forces;
    const [width, height] = [dots.width, dots.height];
    const colours = app.sides.dotColours();
    for (let e = 0; e < entities.rows; e++) {
      if (root[e] !== e || (shown && !shown[entities.unit[e]])) continue;
      const px = (x[e] * ratio) | 0;
      const py = (y[e] * ratio) | 0;
      if (!(px >= 0 && py >= 0 && px < width - 1 && py < height - 1)) continue;
      const at = py * width + px;
      words[at] = words[at + 1] = words[at + width] = words[at + width + 1] = colours[e];
    }
    context.putImageData(this.pixels, 0, 0);
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.drawImage(dots, 0, 0);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  private drawItems(shown: Shown | null, ratio: number): void {
    const { app, context, palette } = this;
    const { model, store } = app;
    const chosen = app.chosenRow();
    const size = (item: Item): number =>
      item.kind === "unit" ? (item.rank < 6 ? 24 : 19) : model.entities.isPerson[item.id] ? 13 : 16;
    const items = spaced(this.forces.items(shown, chosen), (item) => size(item) * 1.35);
    this.symbols.ratio = ratio;
    this.drawn = items.map((item) => ({ ...item, size: size(item) }));
    const byNation = store.state.colours === "nation";
    context.textBaseline = "middle";
    context.textAlign = "left";
    const placed: { item: Item; drawn: Drawn }[] = [];
    for (const item of [...this.drawn].reverse()) {
      const unit = item.kind === "unit" ? item.id : model.entities.unit[item.id];
      const sidc = item.kind === "unit" ? model.units[unit].sidc : model.entities.word(model.entities.sidc, item.id);
      const standing = app.sides.standingOf(unit);
      // who plays the enemy is red, whatever the nation
      const own = byNation && standing === "friend" ? app.sides.nationColour(model.units[unit].nation) : null;
      const fill = standing === "neutral" ? palette.neutral : own;
      const drawn = this.symbols.get(sidc, item.size, standing, fill, store.state.dark);
      context.drawImage(drawn.image, item.x - drawn.x, item.y - drawn.y, drawn.width, drawn.height);
      if (item.rank === -1) {
        context.strokeStyle = palette.select;
        context.lineWidth = 2.5;
        context.strokeRect(item.x - drawn.x - 3, item.y - drawn.y - 3, drawn.width + 6, drawn.height + 6);
      }
      placed.push({ item, drawn });
    }
    this.write(placed.reverse());
  }

  /** Names beside the symbols where there is room, and how many stand under each. */
  private write(placed: { item: Item; drawn: Drawn }[]): void {
    const { app, context, palette } = this;
    const taken = new Taken();
    const near = app.view.metresPerPixel < NAMED_M;
    for (const { item, drawn } of placed) taken.block(item.x - drawn.x, item.y - drawn.y, drawn.width - 4, drawn.height);
    context.strokeStyle = palette.halo;
    context.lineWidth = 3;
    context.fillStyle = palette.text;
    for (const { item, drawn } of placed) {
      const name = item.kind === "unit" ? app.model.units[item.id].name : near ? app.model.entityLabel(item.id) : "";
      const left = item.x - drawn.x + drawn.width + 1;
      for (const words of name ? [`${name}${item.under ? `  +${item.under}` : ""}`, item.under ? `+${item.under}` : ""] : [item.under ? `+${item.under}` : ""]) {
        if (!words) continue;
        context.font = words.startsWith("+") ? "600 10px system-ui, sans-serif" : "11px system-ui, sans-serif";
        const width = context.measureText(words).width;
        if (!taken.take(left, item.y - 6, width, 12) && item.rank !== -1) continue;
        context.strokeText(words, left, item.y);
        context.fillText(words, left, item.y);
        break;
      }
    }
  }

  /** What is drawn at a pixel, the nearest. */
  pick(px: number, py: number): Item | null {
    let best: Item | null = null;
    let nearest = Infinity;
    for (const item of this.drawn) {
      const apart = Math.hypot(item.x - px, item.y - py);
      if (apart < Math.max(14, item.size) && apart < nearest) {
        nearest = apart;
        best = item;
      }
    }
    return best;
  }
}
