/** What lies under the forces: land, lakes, borders, graticule, day and night, names. */

import { geoCircle, geoGraticule, geoPath } from "d3-geo";
import * as solar from "solar-calculator";
import type { Model, Place } from "../data/model";
import type { Source } from "../data/source";
import { Around, detailed, linesWithin, meets, pieces, readAreas, readBorders, within, type Bounds, type Piece } from "./outlines";
import type { View } from "./projection";
import type { Palette } from "./palette";

export interface Layers {
  night: boolean;
  graticule: boolean;
  borders: boolean;
  places: boolean;
  ways: boolean;
  towns: boolean;
}

type Name = [string, number, number, number];

/** From this many metres a pixel the finer coastline is drawn. */
const FINE_M = 600;

export class Basemap {
  private land: Piece[] = [];
  private fine: Around | null = null;
  private lakes: Piece[] = [];
  private borders: Around | null = null;
  private seas: Name[] = [];
  private towns: Name[] = [];
  private loadingFine = false;
  /** Grows whenever more was loaded. */
  version = 0;

  constructor(
    private readonly source: Source,
    private readonly model: Model,
    private readonly view: View,
  ) {}

  async load(): Promise<void> {
    const projection = this.view.plane.forPaths();
    const [land, lakes] = await Promise.all([
      this.source.file("land-50m.bin").then(readAreas),
      this.source.file("lakes-50m.bin").then(readAreas),
    ]);
    this.land = pieces(land, projection);
    this.lakes = pieces(lakes, projection);
    this.version++;
  }

  /** What may come after the first picture. */
  async loadMore(): Promise<void> {
    const read = async (name: string): Promise<Name[]> =>
      JSON.parse(new TextDecoder().decode(await this.source.file(name)));
    const [borders, seas, towns] = await Promise.all([
      readBorders(this.source),
      read("seas.json"),
      read("towns.json"),
    ]);
    this.borders = new Around((bounds) => linesWithin(borders, bounds, this.view.plane.forPaths()));
    this.seas = seas;
    this.towns = towns;
    this.version++;
  }

  private async loadFine(): Promise<void> {
    if (this.loadingFine) return;
    this.loadingFine = true;
    const areas = await readAreas(await this.source.file("land-10m.bin"));
    const land = detailed(areas, this.view.plane.forPaths());
    this.fine = new Around((bounds) => within(land, bounds, this.view.plane.forPaths()));
    this.version++;
  }

  /** Draw all of it but the night. */
  draw(canvas: CanvasRenderingContext2D, ratio: number, layers: Layers, palette: Palette): void {
    const { view } = this;
    const metres = view.metresPerPixel;
    if (metres < FINE_M && !this.fine) void this.loadFine().catch(() => undefined);
    canvas.setTransform(1, 0, 0, 1, 0, 0);
    canvas.fillStyle = palette.water;
    canvas.fillRect(0, 0, canvas.canvas.width, canvas.canvas.height);
    view.transform(canvas, ratio);
    const thin = 1 / (view.frame.scale * 1000);
    const seen = this.boundsSeen();
    canvas.lineJoin = "round";
    canvas.fillStyle = palette.land;
    canvas.strokeStyle = palette.coast;
    canvas.lineWidth = 0.8 * thin;
    const land = metres < FINE_M && this.fine ? [this.fine.path(seen)] : this.land.filter((p) => worth(p.bounds, seen, thin)).map((p) => p.path);
    for (const path of land) {
      canvas.fill(path);
      canvas.stroke(path);
    }
    canvas.fillStyle = palette.water;
    for (const piece of this.lakes) {
      if (!worth(piece.bounds, seen, thin)) continue;
      canvas.fill(piece.path);
      canvas.stroke(piece.path);
    }
    if (layers.borders && this.borders) {
      canvas.strokeStyle = palette.border;
      canvas.lineWidth = 0.9 * thin;
      canvas.setLineDash([4 * thin, 3 * thin]);
      canvas.stroke(this.borders.path(seen));
      canvas.setLineDash([]);
    }
    if (layers.graticule) this.drawGraticule(canvas, thin, palette);
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (layers.ways) this.drawWays(canvas, palette);
    if (layers.places) this.drawAreas(canvas, palette);
    this.drawNames(canvas, layers, palette);
  }

  private boundsSeen(): Bounds {
    const { view } = this;
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const px of [0, view.width]) {
      for (const py of [0, view.height]) {
        const [x, y] = view.planeAt(px, py);
        x0 = Math.min(x0, x / 1000);
        x1 = Math.max(x1, x / 1000);
        y0 = Math.min(y0, -y / 1000);
        y1 = Math.max(y1, -y / 1000);
      }
    }
    return [
      [x0, y0],
      [x1, y1],
    ];
  }

  private drawGraticule(canvas: CanvasRenderingContext2D, thin: number, palette: Palette): void {
    const across = this.view.metresPerPixel * Math.min(this.view.width, this.view.height);
    const steps = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
    const step = steps.find((s) => s * 111_000 < across / 2.2) ?? 0.01;
    if (step < 0.01) return;
    const [lat, lon] = this.view.middle;
    const half = Math.min(89, (across / 111_000) * 1.6 + step);
    const wide = Math.min(180, half / Math.max(0.15, Math.cos((lat * Math.PI) / 180)));
    const whole = half > 50;
    const west = whole ? -180 : Math.floor((lon - wide) / step) * step;
    const east = whole ? 180 : Math.ceil((lon + wide) / step) * step;
    const south = whole ? -80 : Math.max(-85, Math.floor((lat - half) / step) * step);
    const north = whole ? 85 : Math.min(85, Math.ceil((lat + half) / step) * step);
    const lines = geoGraticule()
      .step([step, step])
      .extent([
        [west - 1e-6, south - 1e-6],
        [east + 1e-6, north + 1e-6],
      ])
      .precision(Math.max(0.5, step / 4));
    const path = new Path2D();
    geoPath(this.view.plane.forPaths(), path as unknown as CanvasRenderingContext2D)(lines());
    canvas.strokeStyle = palette.graticule;
    canvas.lineWidth = 0.6 * thin;
    canvas.stroke(path);
  }

  /** Darken where the sun is down: it moves, so it is no part of the base. */
  drawNight(canvas: CanvasRenderingContext2D, ratio: number, t: number, palette: Palette): void {
    this.view.transform(canvas, ratio);
    const { longitude, latitude } = subsolar(t);
    const dark = geoCircle().center([longitude + 180, -latitude]).precision(2);
    canvas.fillStyle = palette.night;
    // the sun's disc and the air: set at 0.83 degrees below; civil dusk at 6
    for (const below of [0.83, 6]) {
      const path = new Path2D();
      geoPath(this.view.plane.forPaths(), path as unknown as CanvasRenderingContext2D)(dark.radius(90 - below)());
      canvas.fill(path);
    }
  }

  private drawWays(canvas: CanvasRenderingContext2D, palette: Palette): void {
    if (this.view.metresPerPixel > 6000) return;
    for (const way of this.model.ways) {
      canvas.beginPath();
      way.line.forEach(([lon, lat], n) => {
        this.view.place(lat, lon);
        if (n) canvas.lineTo(this.view.px, this.view.py);
        else canvas.moveTo(this.view.px, this.view.py);
      });
      canvas.strokeStyle = way.kind === "lane" ? palette.lane : palette.way;
      canvas.lineWidth = way.kind === "road" ? 1 : 1.4;
      canvas.setLineDash(way.kind === "rail" ? [7, 3] : way.kind === "lane" ? [10, 5, 2, 5] : []);
      canvas.stroke();
    }
    canvas.setLineDash([]);
  }

  private drawAreas(canvas: CanvasRenderingContext2D, palette: Palette): void {
    const { view } = this;
    for (const place of this.model.places) {
      const colours = place.kind === "range" ? palette.range : palette.area;
      canvas.beginPath();
      let across = 0;
      if (place.rings.length) {
        for (const ring of place.rings) {
          for (let i = 0; i < ring.length; i++) {
            // long edges follow the projection
            const [lon0, lat0] = ring[Math.max(0, i - 1)];
            const [lon1, lat1] = ring[i];
            for (let k = 1; k <= 8; k++) {
              view.place(lat0 + ((lat1 - lat0) * k) / 8, lon0 + ((lon1 - lon0) * k) / 8);
              if (i + k === 1) canvas.moveTo(view.px, view.py);
              else canvas.lineTo(view.px, view.py);
            }
          }
          canvas.closePath();
        }
        across = Infinity;
      } else if (place.radius_m && place.kind !== "town" && place.kind !== "strait") {
        across = place.radius_m / view.metresPerPixel;
        if (across < 6 || across > 6000) continue;
        view.place(place.lat, place.lon);
        canvas.arc(view.px, view.py, across, 0, 2 * Math.PI);
      } else continue;
      canvas.fillStyle = colours.fill;
      canvas.strokeStyle = colours.line;
      canvas.lineWidth = 1.2;
      if (place.kind === "range") canvas.setLineDash([6, 3]);
      canvas.fill();
      canvas.stroke();
      canvas.setLineDash([]);
      if (place.kind === "range" && across > 60 && across < Infinity) {
        canvas.fillStyle = colours.line;
        canvas.font = "italic 11px system-ui, sans-serif";
        canvas.textAlign = "center";
        canvas.fillText("area notional, not for live-fire safety", view.px, view.py + across - 8);
      }
    }
  }

  private drawNames(canvas: CanvasRenderingContext2D, layers: Layers, palette: Palette): void {
    const taken = new Taken();
    const { view } = this;
    const metres = view.metresPerPixel;
    canvas.textBaseline = "middle";
    const write = (text: string, x: number, y: number, font: string, colour: string, dot: string | null): void => {
      canvas.font = font;
      const width = canvas.measureText(text).width;
      const left = dot ? x + 6 : x - width / 2;
      if (!taken.take(left - 3, y - 8, width + 6, 16)) return;
      canvas.textAlign = "left";
      if (dot) {
        canvas.fillStyle = dot;
        canvas.beginPath();
        canvas.arc(x, y, 2.2, 0, 2 * Math.PI);
        canvas.fill();
      }
      canvas.strokeStyle = palette.halo;
      canvas.lineWidth = 3;
      canvas.strokeText(text, left, y);
      canvas.fillStyle = colour;
      canvas.fillText(text, left, y);
    };
    const inside = (lat: number, lon: number): boolean => {
      view.place(lat, lon);
      return view.px > -80 && view.py > -20 && view.px < view.width + 80 && view.py < view.height + 20;
    };
    if (layers.places) {
      for (const place of this.namedPlaces()) {
        if (!inside(place.lat, place.lon)) continue;
        const weight = place.kind === "range" ? "600 12px" : "12px";
        // symbols stand on the middle: the name goes below
        const below = place.rings.length ? 0 : 20;
        write(place.name, view.px, view.py + below, `${weight} system-ui, sans-serif`, palette.place, null);
      }
    }
    for (const [name, lat, lon, across] of this.seas) {
      const pixels = (across * 1000) / metres;
      if (pixels < 70 || pixels > 4000 || !inside(lat, lon)) continue;
      const size = Math.max(11, Math.min(19, pixels / 22));
      write(name, view.px, view.py, `italic ${size}px Georgia, serif`, palette.sea, null);
    }
    if (layers.towns) {
      for (const [name, lat, lon, isolation] of this.towns) {
        if ((isolation * 1000) / metres < 110 || !inside(lat, lon)) continue;
        write(name, view.px, view.py, "11px system-ui, sans-serif", palette.town, palette.town);
      }
    }
  }

  /** Ranges and sea areas first; points of lesser kinds only from nearer by. */
  private namedPlaces(): Place[] {
    const metres = this.view.metresPerPixel;
    const rank = (place: Place): number =>
      place.kind === "range" ? 0 : place.kind === "sea_area" ? 1 : place.kind === "point" ? 3 : 2;
    return this.model.places
      .filter((p) => metres < [6000, 5000, 1500, 600][rank(p)])
      .sort((a, b) => rank(a) - rank(b));
  }
}

/** Whether something is seen, and larger than a pixel. */
function worth(bounds: Bounds, seen: Bounds, pixel: number): boolean {
  return meets(bounds, seen) && (bounds[1][0] - bounds[0][0] > pixel || bounds[1][1] - bounds[0][1] > pixel);
}

/** Where the sun stands in the zenith. */
export function subsolar(t: number): { longitude: number; latitude: number } {
  const century = solar.century(new Date(t));
  const day = Math.floor(t / 864e5) * 864e5;
  const longitude = ((day - t) / 864e5) * 360 + 180 - solar.equationOfTime(century) / 4;
  return { longitude, latitude: solar.declination(century) };
}

/** Rectangles in which names stand already. */
export class Taken {
  private readonly boxes: [number, number, number, number][] = [];

  take(x: number, y: number, width: number, height: number): boolean {
    for (const [bx, by, bw, bh] of this.boxes) {
      if (x < bx + bw && bx < x + width && y < by + bh && by < y + height) return false;
    }
    this.boxes.push([x, y, width, height]);
    return true;
  }

  /** Keep names off a rectangle. */
  block(x: number, y: number, width: number, height: number): void {
    this.boxes.push([x, y, width, height]);
  }
}
