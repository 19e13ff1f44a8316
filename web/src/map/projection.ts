/**
 * Oblique stereographic projection: conformal, so that shapes and bearings are right everywhere,
 * and whole across the date line. North is up in the middle of the view: the plane is turned.
 *
 * x to the east, y to the north, metres in the plane; the sphere has the mean radius of the Earth
 * (distances are told by geodesics, not measured in this plane).
 */

import { geoProjection, type GeoProjection } from "d3-geo";

export const RADIUS_M = 6371008.8;
const RAD = Math.PI / 180;

export class Plane {
  private readonly sin0: number;
  private readonly cos0: number;

  constructor(readonly lat0: number, readonly lon0: number) {
    this.sin0 = Math.sin(lat0 * RAD);
    this.cos0 = Math.cos(lat0 * RAD);
  }

  x = 0;
  y = 0;

  /** Project degrees; the result stands in `x` and `y`. */
  project(lat: number, lon: number): void {
    const sin = Math.sin(lat * RAD);
    const cos = Math.cos(lat * RAD);
    const turn = (lon - this.lon0) * RAD;
    const cosTurn = Math.cos(turn);
    const k = (2 * RADIUS_M) / Math.max(1e-6, 1 + this.sin0 * sin + this.cos0 * cos * cosTurn);
    this.x = k * cos * Math.sin(turn);
    this.y = k * (this.cos0 * sin - this.sin0 * cos * cosTurn);
  }

  /** Return latitude and longitude, -180 to 180, of a point in the plane. */
  invert(x: number, y: number): [number, number] {
    const rho = Math.hypot(x, y);
    if (rho < 1e-9) return [this.lat0, this.lon0];
    const c = 2 * Math.atan2(rho, 2 * RADIUS_M);
    const sin = Math.sin(c);
    const cos = Math.cos(c);
    const lat = Math.asin(Math.max(-1, Math.min(1, cos * this.sin0 + (y * sin * this.cos0) / rho))) / RAD;
    const lon = this.lon0 + Math.atan2(x * sin, rho * this.cos0 * cos - y * this.sin0 * sin) / RAD;
    return [lat, ((lon + 540) % 360) - 180];
  }

  /** Metres in the plane for a metre on the ground. */
  scaleAt(x: number, y: number): number {
    return 1 + (x * x + y * y) / (4 * RADIUS_M * RADIUS_M);
  }

  /** Angle from the y axis to north, clockwise, radians. */
  northAt(x: number, y: number): number {
    const [lat, lon] = this.invert(x, y);
    const step = lat > 89.9 ? -0.01 : 0.01;
    this.project(lat + step, lon);
    return step > 0 ? Math.atan2(this.x - x, this.y - y) : Math.atan2(x - this.x, y - this.y);
  }

  /** The same projection for d3-geo, in kilometres, y downwards, clipped far from the middle. */
  forPaths(): GeoProjection {
    const raw = (lambda: number, phi: number): [number, number] => {
      const cos = Math.cos(phi);
      const k = 2 / (1 + Math.cos(lambda) * cos);
      return [k * cos * Math.sin(lambda), k * Math.sin(phi)];
    };
    return geoProjection(raw)
      .rotate([-this.lon0, -this.lat0])
      .scale(RADIUS_M / 1000)
      .translate([0, 0])
      .clipAngle(150)
      .precision(0.5);
  }
}

/** What part of the plane is seen: middle, metres on the ground a pixel, size in pixels. */
export class View {
  width = 800;
  height = 600;
  private cx = 0;
  private cy = 0;
  private metres = 5000;
  private turn = 0;
  private scale = 1 / 5000;
  /** Grows whenever something changed. */
  version = 0;

  constructor(readonly plane: Plane) {}

  static readonly CLOSEST_M = 0.05;
  static readonly FARTHEST_M = 30_000;

  get metresPerPixel(): number {
    return this.metres;
  }

  get middle(): [number, number] {
    return this.plane.invert(this.cx, this.cy);
  }

  /** Angle by which the plane is turned, radians; and pixels a metre of the plane. */
  get frame(): { cx: number; cy: number; turn: number; scale: number } {
    return { cx: this.cx, cy: this.cy, turn: this.turn, scale: this.scale };
  }

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.version++;
  }

  look(lat: number, lon: number, metresPerPixel = this.metres): void {
    this.plane.project(lat, lon);
    this.set(this.plane.x, this.plane.y, metresPerPixel);
  }

  private set(x: number, y: number, metres: number): void {
    const most = 3 * RADIUS_M;
    const far = Math.hypot(x, y);
    this.cx = far > most ? (x * most) / far : x;
    this.cy = far > most ? (y * most) / far : y;
    this.metres = Math.max(View.CLOSEST_M, Math.min(View.FARTHEST_M, metres));
    this.turn = this.plane.northAt(this.cx, this.cy);
    this.scale = 1 / (this.metres * this.plane.scaleAt(this.cx, this.cy));
    this.version++;
  }

  /** Move the map by pixels. */
  pan(dx: number, dy: number): void {
    const [x, y] = this.planeAt(this.width / 2 - dx, this.height / 2 - dy);
    this.set(x, y, this.metres);
  }

  /** Zoom so that what is at a pixel stays there. */
  zoom(factor: number, px = this.width / 2, py = this.height / 2): void {
    const [x, y] = this.planeAt(px, py);
    this.set(this.cx, this.cy, this.metres * factor);
    // north turns when the middle moves: further steps take what the first leaves
    for (let i = 0, left = Infinity; i < 12; i++) {
      const [nx, ny] = this.planeAt(px, py);
      const off = Math.hypot(x - nx, y - ny) * this.scale;
      if (off < 0.2 || off > left) break; // far from the middle of the world they may not help
      left = off;
      this.set(this.cx + x - nx, this.cy + y - ny, this.metres);
    }
  }

  planeAt(px: number, py: number): [number, number] {
    const dx = (px - this.width / 2) / this.scale;
    const dy = (this.height / 2 - py) / this.scale;
    const c = Math.cos(this.turn);
    const s = Math.sin(this.turn);
    return [this.cx + dx * c + dy * s, this.cy - dx * s + dy * c];
  }

  groundAt(px: number, py: number): [number, number] {
    const [x, y] = this.planeAt(px, py);
    return this.plane.invert(x, y);
  }

  px = 0;
  py = 0;

  /** Pixel of a point; the result stands in `px` and `py`. */
  place(lat: number, lon: number): void {
    this.plane.project(lat, lon);
    const x = this.plane.x - this.cx;
    const y = this.plane.y - this.cy;
    const c = Math.cos(this.turn);
    const s = Math.sin(this.turn);
    this.px = this.width / 2 + (x * c - y * s) * this.scale;
    this.py = this.height / 2 - (x * s + y * c) * this.scale;
  }

  /** Let a canvas draw in kilometres of the plane, y downwards. */
  transform(canvas: CanvasRenderingContext2D, ratio: number): void {
    const k = this.scale * 1000 * ratio;
    const c = Math.cos(this.turn) * k;
    const s = Math.sin(this.turn) * k;
    const x = this.cx / 1000;
    const y = -this.cy / 1000;
    canvas.setTransform(
      c,
      -s,
      s,
      c,
      (this.width / 2) * ratio - (c * x + s * y),
      (this.height / 2) * ratio - (-s * x + c * y),
    );
  }

  /** Zoom and move so that points are seen. */
  fit(points: [number, number][], margin = 60): void {
    if (!points.length) return;
    let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [lat, lon] of points) {
      this.plane.project(lat, lon);
      west = Math.min(west, this.plane.x);
      east = Math.max(east, this.plane.x);
      south = Math.min(south, this.plane.y);
      north = Math.max(north, this.plane.y);
    }
    const x = (west + east) / 2;
    const y = (south + north) / 2;
    const across = Math.max(
      (east - west) / Math.max(100, this.width - 2 * margin),
      (north - south) / Math.max(100, this.height - 2 * margin),
    );
    this.set(x, y, Math.max(2, across / this.plane.scaleAt(x, y)));
  }
}
