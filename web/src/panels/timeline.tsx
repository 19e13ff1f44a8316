/** The timeline: serials as bars, events as marks, drag to seek. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app";
import { shortDay, written } from "../clock";
import type { Serial } from "../data/model";
import { DARK, LIGHT } from "../map/palette";

const HEIGHT = 84;
const AXIS = 16;
const BAR = 4;
const MARKS = 14;

const COLOURS: Record<string, string> = {
  live_fire: "#d55e00", landing: "#cc79a7", airborne_drop: "#cc79a7", sortie: "#56b4e9", alert: "#56b4e9",
  escort: "#0072b2", patrol: "#0072b2", sail: "#7aa6c8", march: "#b9a27a", withdraw: "#cfc4ae", rail: "#8c7a5c",
  airlift: "#9bbdd4", drill: "#009e73", defend: "#e69f00",
}; // prettier-ignore

/** Kinds of event that somebody looks for; each with its colour. */
const MARKED: Record<string, string> = {
  fired: "#d55e00", fire_results: "#d55e00", live_fire_started: "#d55e00", attack: "#d62f6c", out_of_action: "#b3261e",
  mine_struck: "#b3261e", landing_started: "#cc79a7", drop_started: "#cc79a7", scrambled: "#56b4e9", context: "#7a4fb0",
  inject: "#7a4fb0", detected: "#e69f00",
}; // prettier-ignore

export function Timeline({ app }: { app: App }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hint, setHint] = useState<{ x: number; words: string } | null>(null);
  const range = useRef({ from: app.clock.begin, to: app.model.run.sim_end });
  const back = useRef(document.createElement("canvas"));
  const drawn = useRef("");
  const spread = useRef<{ serial: Serial; lane: number }[]>([]);

  useEffect(() => {
    const place = () => {
      const { from, to } = range.current;
      const width = canvas.current!.clientWidth;
      return { from, to, width, x: (t: number) => ((t - from) / (to - from)) * width };
    };
    const draw = () => {
      const c = canvas.current;
      if (!c || !c.clientWidth) return;
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const { width, x } = place();
      const dark = app.store.state.dark;
      const key = [width, ratio, range.current.from, range.current.to, dark, app.model.events.length, app.model.serials.length].join();
      if (key !== drawn.current) {
        drawn.current = key;
        for (const each of [c, back.current]) {
          each.width = width * ratio;
          each.height = HEIGHT * ratio;
        }
        spread.current = background(app, back.current.getContext("2d")!, ratio, width, x, range.current);
      }
      const context = c.getContext("2d")!;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, c.width, c.height);
      context.drawImage(back.current, 0, 0);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const palette = dark ? DARK : LIGHT;
      const at = x(app.clock.t);
      context.strokeStyle = palette.select;
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(at, 0);
      context.lineTo(at, HEIGHT);
      context.stroke();
      if (app.clock.end < app.model.run.sim_end) {
        context.fillStyle = "rgba(128,128,128,0.25)";
        context.fillRect(x(app.clock.end), 0, width, HEIGHT);
      }
      const { selected } = app.store.state;
      const chosen = selected?.kind === "serial" ? spread.current.find((s) => s.serial.serial === selected.id) : undefined;
      if (chosen) {
        const { serial, lane } = chosen;
        const left = x(serial.start ?? serial.planned_start);
        context.strokeRect(left - 1, AXIS + lane * (BAR + 1) - 1, Math.max(3, x(serial.end ?? serial.planned_end) - left) + 2, BAR + 2);
      }
    };
    return app.onFrame(draw);
  }, []);

  const timeAt = (clientX: number) => {
    const box = canvas.current!.getBoundingClientRect();
    const { from, to } = range.current;
    return from + ((clientX - box.left) / box.width) * (to - from);
  };
  const serialAt = (clientX: number, clientY: number) => {
    const box = canvas.current!.getBoundingClientRect();
    const lane = Math.floor((clientY - box.top - AXIS) / (BAR + 1));
    const t = timeAt(clientX);
    const slack = ((range.current.to - range.current.from) / box.width) * 3;
    return spread.current.find(
      ({ serial, lane: l }) => l === lane && (serial.start ?? serial.planned_start) - slack <= t && (serial.end ?? serial.planned_end) + slack >= t,
    )?.serial;
  };
  return (
    <div class="timeline">
      <canvas
        ref={canvas}
        style={{ height: `${HEIGHT}px` }}
        tabIndex={0}
        role="slider"
        aria-label="Time"
        aria-valuemin={app.clock.begin}
        aria-valuemax={app.clock.end}
        aria-valuenow={app.clock.t}
        aria-valuetext={written(app.clock.t, app.model.run.utc_offset_h)}
        onPointerDown={(e) => {
          const serial = serialAt(e.clientX, e.clientY);
          if (serial) app.store.select({ kind: "serial", id: serial.serial });
          e.currentTarget.setPointerCapture(e.pointerId);
          app.seek(timeAt(e.clientX));
        }}
        onPointerMove={(e) => {
          if (e.buttons & 1) app.seek(timeAt(e.clientX));
          const serial = serialAt(e.clientX, e.clientY);
          const x = e.clientX - canvas.current!.getBoundingClientRect().left;
          setHint({ x, words: `${written(timeAt(e.clientX), app.model.run.utc_offset_h)}${serial ? ` · ${serial.name}` : ""}` });
        }}
        onPointerLeave={() => setHint(null)}
        onWheel={(e) => {
          e.preventDefault();
          const middle = timeAt(e.clientX);
          const factor = Math.exp(Math.sign(e.deltaY) * 0.3);
          const { run } = app.model;
          const { from, to } = range.current;
          const next = { from: middle - (middle - from) * factor, to: middle + (to - middle) * factor };
          if (next.to - next.from < 600_000) return;
          range.current = { from: Math.max(run.sim_start, next.from), to: Math.min(run.sim_end, next.to) };
        }}
      />
      {hint && (
        <span class="hint" style={hint.x > 500 ? { right: `calc(100% - ${hint.x}px)` } : { left: `${hint.x}px` }}>
          {hint.words}
        </span>
      )}
    </div>
  );
}

function background(
  app: App,
  c: CanvasRenderingContext2D,
  ratio: number,
  width: number,
  x: (t: number) => number,
  range: { from: number; to: number },
): { serial: Serial; lane: number }[] {
  const { model, store } = app;
  const palette = store.state.dark ? DARK : LIGHT;
  const h = model.run.utc_offset_h * 3600e3;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, HEIGHT);
  c.font = "11px system-ui, sans-serif";
  c.textBaseline = "top";
  const day = 864e5;
  const every = Math.ceil(52 / Math.max(1, x(range.from + day)));
  for (let n = 0, t = Math.ceil((range.from + h) / day) * day - h; t < range.to; t += day, n++) {
    c.fillStyle = palette.graticule;
    c.fillRect(x(t), 0, 1, HEIGHT);
    if (n % every) continue;
    c.fillStyle = palette.text;
    c.fillText(shortDay(t, model.run.utc_offset_h), x(t) + 3, 2);
  }
  if (range.to - range.from < 3 * day) {
    const step = range.to - range.from < day / 2 ? 3600e3 : 6 * 3600e3;
    c.fillStyle = palette.town;
    for (let t = Math.ceil((range.from + h) / step) * step - h; t < range.to; t += step) {
      if ((t + h) % day) c.fillText(written(t, model.run.utc_offset_h).slice(-5), x(t) + 3, 2);
    }
  }
  const lanes = Math.floor((HEIGHT - AXIS - MARKS) / (BAR + 1));
  const free = new Array<number>(lanes).fill(-Infinity);
  const placed: { serial: Serial; lane: number }[] = [];
  for (const serial of [...model.serials].sort((a, b) => (a.start ?? a.planned_start) - (b.start ?? b.planned_start))) {
    const left = x(serial.start ?? serial.planned_start);
    const right = Math.max(left + 2, x(serial.end ?? serial.planned_end));
    let lane = free.findIndex((f) => f <= left);
    if (lane < 0) lane = free.indexOf(Math.min(...free));
    free[lane] = Math.max(free[lane], right + 1);
    placed.push({ serial, lane });
    c.fillStyle = COLOURS[serial.task] ?? "#8f9aa5";
    c.globalAlpha = serial.outcome && serial.outcome !== "held" && serial.outcome !== "late" ? 0.35 : 0.85;
    c.fillRect(left, AXIS + lane * (BAR + 1), right - left, BAR);
  }
  c.globalAlpha = 0.8;
  for (const event of model.events) {
    const colour = MARKED[event.kind];
    if (!colour || event.t < range.from || event.t > range.to) continue;
    c.fillStyle = colour;
    c.fillRect(x(event.t), HEIGHT - MARKS + 3, 1, MARKS - 4);
  }
  c.globalAlpha = 1;
  return placed;
}
