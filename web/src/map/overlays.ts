/** What is drawn over the forces: tracks, ranges of sensors and weapons, pictures, measures. */

import geodesic from "geographiclib-geodesic";
import type { App } from "../app";
import type { Picture } from "../state";
import type { Palette } from "./palette";
import type { Symbols } from "./symbols";

const WGS84 = geodesic.Geodesic.WGS84;

/** Distance in metres and bearing in degrees, from north, of the geodesic. */
export function inverse(from: [number, number], to: [number, number]): { metres: number; bearing: number } {
  const found = WGS84.Inverse(from[0], from[1], to[0], to[1]);
  return { metres: found.s12 ?? NaN, bearing: ((found.azi1 ?? NaN) + 360) % 360 };
}

export function distanceText(metres: number): string {
  if (metres < 1000) return `${metres.toFixed(metres < 10 ? 1 : 0)} m`;
  const km = metres / 1000;
  return `${km.toFixed(km < 100 ? 1 : 0)} km`;
}

/** The way of the selected: behind it a line, what its legs hold for later dashed. */
export function drawTrack(canvas: CanvasRenderingContext2D, app: App, palette: Palette): void {
  const chosen = app.chosenRow();
  const legs = app.motion.legs;
  if (!chosen || chosen.kind !== "entity" || !legs) return;
  const { view, motion, clock } = app;
  const root = motion.root[chosen.row];
  const [first, end] = [legs.first[root], legs.first[root + 1]];
  const line = (from: number, to: number, begin: boolean): void => {
    canvas.beginPath();
    let before = "";
    for (let i = from; i < to; i++) {
      const late = legs.t0[i] > clock.t;
      if (!begin && !late && legs.t1[i] <= clock.t) continue;
      if (begin && late) break;
      view.place(legs.lat0[i], legs.lon0[i]);
      const at = `${view.px | 0},${view.py | 0}`;
      if (at !== before) canvas.moveTo(view.px, view.py);
      if (legs.t0[i] <= clock.t && legs.t1[i] > clock.t) {
        if (begin) view.place(motion.lat[root], motion.lon[root]);
        else {
          view.place(motion.lat[root], motion.lon[root]);
          canvas.moveTo(view.px, view.py);
          view.place(legs.lat1[i], legs.lon1[i]);
        }
      } else view.place(legs.lat1[i], legs.lon1[i]);
      canvas.lineTo(view.px, view.py);
      before = `${view.px | 0},${view.py | 0}`;
    }
    canvas.stroke();
  };
  canvas.lineWidth = 2;
  canvas.strokeStyle = palette.track;
  line(first, end, true);
  canvas.strokeStyle = palette.plan;
  canvas.setLineDash([5, 4]);
  line(first, end, false);
  canvas.setLineDash([]);
}

/** Circle of points at a distance, by geodesics. */
function ring(lat: number, lon: number, metres: number, app: App, canvas: CanvasRenderingContext2D): void {
  canvas.beginPath();
  for (let a = 0; a <= 360; a += 5) {
    const to = WGS84.Direct(lat, lon, a, metres);
    app.view.place(to.lat2!, to.lon2!);
    if (a) canvas.lineTo(app.view.px, app.view.py);
    else canvas.moveTo(app.view.px, app.view.py);
  }
}

/** How far the sensors and weapons of the selected entity reach. */
export function drawRanges(canvas: CanvasRenderingContext2D, app: App, palette: Palette): void {
  const chosen = app.chosenRow();
  if (!chosen || chosen.kind !== "entity") return;
  const [lat, lon] = [app.motion.lat[chosen.row], app.motion.lon[chosen.row]];
  if (!Number.isFinite(lat)) return;
  canvas.font = "11px system-ui, sans-serif";
  canvas.textAlign = "center";
  for (const { name, what, range_m } of app.carriedBy(chosen.row)) {
    canvas.strokeStyle = what === "weapon" ? palette.known : palette.plan;
    canvas.fillStyle = canvas.strokeStyle;
    canvas.setLineDash(what === "weapon" ? [] : [4, 4]);
    canvas.lineWidth = 1.3;
    ring(lat, lon, range_m!, app, canvas);
    canvas.stroke();
    const top = WGS84.Direct(lat, lon, 0, range_m!);
    app.view.place(top.lat2!, top.lon2!);
    canvas.fillText(`${name}, ${distanceText(range_m!)}`, app.view.px, app.view.py - 7);
  }
  canvas.setLineDash([]);
}

/** What a side believes of the other: where, how sure, how old. */
export function drawTargets(
  canvas: CanvasRenderingContext2D,
  app: App,
  side: Exclude<Picture, "truth">,
  symbols: Symbols,
  palette: Palette,
): void {
  const picture = app.pictures.get(side);
  if (!picture) return;
  const { view, model } = app;
  for (const target of picture.targets) {
    if (target.lat === null || target.lon === null) continue;
    view.place(target.lat, target.lon);
    const [x, y] = [view.px, view.py];
    if (x < -200 || y < -200 || x > view.width + 200 || y > view.height + 200) continue;
    const fresh = Math.max(0.3, 1 - (target.age_s ?? 0) / 21_600);
    canvas.globalAlpha = fresh;
    const radius = (target.error_m ?? 0) / view.metresPerPixel;
    if (radius > 3 && radius < 4000) {
      canvas.strokeStyle = palette.known;
      canvas.lineWidth = 1;
      canvas.setLineDash(target.in_contact ? [] : [3, 3]);
      canvas.beginPath();
      canvas.arc(x, y, radius, 0, 2 * Math.PI);
      canvas.stroke();
      canvas.setLineDash([]);
    }
    const known = target.level !== "detected";
    const own = model.entities.word(model.entities.sidc, target.target);
    const sidc = known ? own : `${own.slice(0, 10)}0000000000`;
    const drawn = symbols.get(sidc, 17, known ? "hostile" : "unknown", null, app.store.state.dark);
    canvas.drawImage(drawn.image, x - drawn.x, y - drawn.y, drawn.width, drawn.height);
    canvas.globalAlpha = 1;
  }
}

export function drawMeasure(canvas: CanvasRenderingContext2D, app: App, palette: Palette): void {
  const points = app.measured;
  if (points.length < 2) return;
  const [from, to] = points;
  canvas.strokeStyle = palette.text;
  canvas.lineWidth = 1.6;
  canvas.setLineDash([6, 3]);
  canvas.beginPath();
  const { metres, bearing } = inverse(from, to);
  for (let i = 0; i <= 48; i++) {
    const along = WGS84.Direct(from[0], from[1], bearing, (metres * i) / 48);
    app.view.place(along.lat2!, along.lon2!);
    if (i) canvas.lineTo(app.view.px, app.view.py);
    else canvas.moveTo(app.view.px, app.view.py);
  }
  canvas.stroke();
  canvas.setLineDash([]);
  const text = `${distanceText(metres)} (${(metres / 1852).toFixed(1)} nm), ${bearing.toFixed(0).padStart(3, "0")}°`;
  canvas.font = "600 12px system-ui, sans-serif";
  canvas.textAlign = "left";
  canvas.strokeStyle = palette.halo;
  canvas.lineWidth = 4;
  canvas.strokeText(text, app.view.px + 8, app.view.py - 8);
  canvas.fillStyle = palette.text;
  canvas.fillText(text, app.view.px + 8, app.view.py - 8);
}

export function drawScale(canvas: CanvasRenderingContext2D, app: App, palette: Palette): void {
  const { view } = app;
  const most = view.metresPerPixel * 140;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * power).find((m) => m <= most) ?? power;
  const long = metres / view.metresPerPixel;
  const [x, y] = [16, view.height - 16];
  canvas.strokeStyle = palette.text;
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  canvas.moveTo(x, y - 5);
  canvas.lineTo(x, y);
  canvas.lineTo(x + long, y);
  canvas.lineTo(x + long, y - 5);
  canvas.stroke();
  canvas.font = "11px system-ui, sans-serif";
  canvas.textAlign = "left";
  canvas.fillStyle = palette.text;
  canvas.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x + 4, y - 9);
}
