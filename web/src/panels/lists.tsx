/** What there is: units as a tree, serials, events around the instant, figures of the review. */

import { useState } from "preact/hooks";
import type { App } from "../app";
import { written } from "../clock";
import type { State } from "../state";
import { text } from "../text";
import { askFigures } from "./claim";
import { number, Pick, plain, useAsked, useStore } from "./parts";

const TABS = ["units", "serials", "events", "figures"] as const;

export function ListPanel({ app }: { app: App }) {
  const { tab } = useStore(app.store);
  return (
    <nav class="lists" aria-label={text.lists}>
      <div class="tabs" role="tablist">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            onClick={() => app.store.set({ tab: tab === name ? null : name })}
          >
            {text[name]}
          </button>
        ))}
      </div>
      {tab && <div class="list-body" role="tabpanel">{body(app, tab)}</div>}
    </nav>
  );
}

function body(app: App, tab: NonNullable<State["tab"]>) {
  if (tab === "units") return <ul class="tree" role="tree">{ranked(app, app.model.roots).map((u) => <Branch key={u} app={app} unit={u} depth={0} />)}</ul>;
  if (tab === "serials") return <Serials app={app} />;
  if (tab === "events") return <Events app={app} />;
  return <Figures app={app} />;
}

/** The strongest first; below one unit they stay in the order of the scenario. */
function ranked(app: App, units: number[]): number[] {
  return [...units].sort((a, b) => app.model.strength[b] - app.model.strength[a] || a - b);
}

function Branch({ app, unit, depth }: { app: App; unit: number; depth: number }) {
  const [open, setOpen] = useState(false);
  const { model, store } = app;
  const u = model.units[unit];
  const below = model.children[unit];
  const chosen = store.state.selected?.kind === "unit" && store.state.selected.id === u.id;
  return (
    <li role="treeitem" aria-expanded={below.length ? open : undefined} aria-selected={chosen}>
      <div class="branch" style={{ paddingLeft: `${depth * 12}px` }}>
        <button type="button" class="twist" disabled={!below.length} aria-label={open ? text.close : text.open} onClick={() => setOpen(!open)}>
          {below.length ? (open ? "▾" : "▸") : "·"}
        </button>
        <i class="swatch" style={{ background: app.sides.nationColour(u.nation) }} />
        <Pick store={store} to={{ kind: "unit", id: u.id }}>{u.name}</Pick>
        <span class="quiet">{model.strength[unit] > 0 ? number(model.strength[unit]) : ""}</span>
      </div>
      {open && <ul role="group">{below.map((b) => <Branch key={b} app={app} unit={b} depth={depth + 1} />)}</ul>}
    </li>
  );
}

function Serials({ app }: { app: App }) {
  const { model, clock, store } = app;
  const [all, setAll] = useState(false);
  const now = model.serials.filter((s) => (s.start ?? s.planned_start) <= clock.t && (s.end ?? s.planned_end) > clock.t);
  const listed = all ? model.serials : now;
  return (
    <>
      <label class="check">
        <input type="checkbox" checked={all} onChange={() => setAll(!all)} /> {text.allSerials(model.serials.length)}
      </label>
      {listed.length === 0 && <p class="quiet">{text.none}</p>}
      <ul>
        {listed.map((s) => (
          <li key={s.serial}>
            <Pick store={store} to={{ kind: "serial", id: s.serial }}>{s.name}</Pick>
            <span class="quiet"> {plain(s.task)}{s.opfor.length > 0 && ` · ${text.played}`}{s.outcome && s.outcome !== "held" && ` · ${plain(s.outcome)}`}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Events({ app }: { app: App }) {
  const { model, clock, store } = app;
  const { events } = model;
  if (!events.length) return <p class="quiet">{text.loading} …</p>;
  const at = app.eventAt(clock.t);
  const listed = events.slice(Math.max(0, at - 60), at + 1).reverse();
  return (
    <ul class="events">
      {listed.map((e) => (
        <li key={e.event}>
          <span class="quiet">{written(e.t, model.run.utc_offset_h, true).slice(-8)} </span>
          <Pick store={store} to={{ kind: "event", id: String(e.event) }}>{e.text}</Pick>
        </li>
      ))}
    </ul>
  );
}

function Figures({ app }: { app: App }) {
  const { value, problem } = useAsked(() => askFigures(app), "figures");
  if (problem) return <p class="problem">{problem}</p>;
  if (!value) return <p class="quiet">{text.loading} …</p>;
  return (
    <table class="figures">
      <tbody>
        {value.figures.map((f) => (
          <tr key={f.id}>
            <th scope="row"><Pick store={app.store} to={{ kind: "figure", id: f.id }}>{f.label}</Pick></th>
            <td>{f.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
