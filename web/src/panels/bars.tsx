/** The bar at the top, and the clock with its timeline at the bottom. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app";
import { pace, SPEEDS, written } from "../clock";
import type { Layers } from "../map/basemap";
import type { Picture } from "../state";
import { text } from "../text";
import { LiveBar } from "./live";
import { number, useStore } from "./parts";
import { SearchBox } from "./search";
import { Timeline } from "./timeline";

const LAYERS: (keyof Layers)[] = ["places", "ways", "towns", "borders", "graticule", "night"];

export function TopBar({ app }: { app: App }) {
  const state = useStore(app.store);
  const { store } = app;
  const [menu, setMenu] = useState<"layers" | "help" | null>(null);
  const words: Record<Picture, string> = { truth: text.truth, training: text.training, opposing: text.opposing };
  const pane = (n: number) => (
    <select
      aria-label={n ? text.sideBySide : text.truth}
      id={`picture-${n}`}
      value={state.panes[n] ?? ""}
      onChange={(e) => {
        const chosen = e.currentTarget.value as Picture | "";
        const panes = n ? [state.panes[0]] : [chosen as Picture, ...state.panes.slice(1)];
        store.set({ panes: n && chosen ? [...panes, chosen] : panes });
        e.currentTarget.blur(); // keys belong to the map again
      }}
    >
      {n === 1 && <option value="">{text.one}</option>}
      {(Object.keys(words) as Picture[]).map((p) => (
        <option key={p} value={p}>{n ? `+ ${words[p]}` : words[p]}</option>
      ))}
    </select>
  );
  return (
    <header class="top">
      <h1 title={`${app.model.run.scenario}, seed ${app.model.run.seed}, ${app.model.run.policy}`}>{app.model.run.title}</h1>
      <SearchBox app={app} />
      <div class="tools">
        {app.hasPictures && pane(0)}
        {app.hasPictures && pane(1)}
        <button type="button" aria-pressed={state.measuring} onClick={() => app.toggleMeasure()}>{text.measure}</button>
        <button type="button" aria-expanded={menu === "layers"} onClick={() => setMenu(menu === "layers" ? null : "layers")}>{text.layers}</button>
        <button type="button" aria-expanded={menu === "help"} onClick={() => setMenu(menu === "help" ? null : "help")}>{text.help}</button>
        <button type="button" aria-pressed={state.dark} onClick={() => store.set({ dark: !state.dark })}>{state.dark ? text.light : text.dark}</button>
      </div>
      {menu === "layers" && (
        <div class="menu" role="dialog" aria-label={text.layers}>
          {LAYERS.map((name) => (
            <label key={name} class="check">
              <input type="checkbox" checked={state.layers[name]} onChange={() => store.toggleLayer(name)} /> {text[name]}
            </label>
          ))}
          <hr />
          {(["nation", "side"] as const).map((by) => (
            <label key={by} class="check">
              <input type="radio" name="colours" checked={state.colours === by} onChange={() => store.set({ colours: by })} />{" "}
              {by === "nation" ? text.byNation : text.bySide}
            </label>
          ))}
          <ul class="legend">
            {state.colours === "nation"
              ? app.sides.nations.map(([nation, colour]) => <li key={nation}><i class="swatch" style={{ background: colour }} />{nation}</li>)
              : [["#0072b2", text.trainingAudience], ["#d55e00", text.opposingForce], ["#8a8a8a", text.neutral]].map(([c, w]) => (
                  <li key={c}><i class="swatch" style={{ background: c }} />{w}</li>
                ))}
          </ul>
          <p class="quiet">{text.notional}</p>
          <p class="quiet">{text.credits} Startex {app.model.run.version}</p>
        </div>
      )}
      {menu === "help" && (
        <div class="menu" role="dialog" aria-label={text.help}>
          <dl class="keys">
            {text.keys.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}
          </dl>
          <p class="quiet">{text.linkHint}</p>
        </div>
      )}
    </header>
  );
}

function Icon({ path }: { path: string }) {
  return <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d={path} fill="currentColor" /></svg>;
}

export function BottomBar({ app }: { app: App }) {
  const [, tick] = useState(0);
  const clockText = useRef<HTMLSpanElement>(null);
  useStore(app.store);
  useEffect(() => app.onFrame(() => {
    if (clockText.current) clockText.current.textContent = written(app.clock.t, app.model.run.utc_offset_h, true);
  }), []);
  useEffect(() => app.onChange(() => tick((n) => n + 1)), []);
  const { clock, model } = app;
  const h = model.run.utc_offset_h;
  return (
    <footer class="bottom">
      <div class="clock">
        <button type="button" onClick={() => app.jump(-1)} title={text.previousEvent} aria-label={text.previousEvent}><Icon path="M3 2h2v12H3zM13 2v12L5.5 8z" /></button>
        <button type="button" class="play" onClick={() => app.togglePlay()} aria-label={clock.playing ? text.pause : text.play}>
          <Icon path={clock.playing ? "M3 2h4v12H3zM9 2h4v12H9z" : "M3 1v14l11-7z"} />
        </button>
        <button type="button" onClick={() => app.jump(1)} title={text.nextEvent} aria-label={text.nextEvent}><Icon path="M11 2h2v12h-2zM3 2v12l7.5-6z" /></button>
        <select aria-label={text.speed} value={String(clock.speed)} onChange={(e) => { clock.speed = Number(e.currentTarget.value); e.currentTarget.blur(); app.changed(); }}>
          {SPEEDS.map((s) => <option key={s} value={String(s)}>{pace(s)}</option>)}
        </select>
        <span class="now"><span ref={clockText} id="now">{written(clock.t, h, true)}</span> <span class="quiet">UTC{h >= 0 ? "+" : "−"}{Math.abs(h)}</span></span>
        <LiveBar app={app} />
        {!app.live && app.loadedShare < 1 && <span class="quiet">{text.loading} {text.movements} {Math.round(app.loadedShare * 100)} %</span>}
        <span class="gap" />
        <span class="quiet counts">
          {["persons", "vehicles", "aircraft", "ships"].filter((k) => model.run.counts[k]).map((k) => `${number(model.run.counts[k])} ${k}`).join(" · ")}
        </span>
      </div>
      <Timeline app={app} />
    </footer>
  );
}
