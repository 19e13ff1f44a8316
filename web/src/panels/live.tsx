/** What a run that goes on tells of itself; for exercise control the buttons that steer it. */

import type { App } from "../app";
import { pace } from "../clock";
import type { Action } from "../live";
import { text } from "../text";

const PACES = [60, 600, 3600, 21_600, 86_400];

export function LiveBar({ app }: { app: App }) {
  const { live } = app;
  if (!live) return null;
  const { state, watchers, speed } = live.state;
  const order = (action: Action) => void live.order(app, action);
  return (
    <div class="live" role="status">
      <b class={`state ${state}`}>{live.ended ? text.ended : `${text.live}: ${state}`}</b>
      {!live.ended && <span class="quiet">{watchers} {text.watching}</span>}
      {!live.ended && (
        <button type="button" aria-pressed={live.newest} onClick={() => { live.newest = !live.newest; app.changed(); }}>
          {text.newest}
        </button>
      )}
      {live.token && !live.ended && (
        <>
          <span class="quiet">{text.excon}</span>
          <button type="button" onClick={() => order({ action: state === "paused" ? "resume" : "pause" })}>
            {state === "paused" ? text.resume : text.pause}
          </button>
          <button type="button" onClick={() => order({ action: "step", by_ms: 3_600_000 })}>{text.step}</button>
          <select
            aria-label={text.runSpeed}
            value={String(speed)}
            onChange={(e) => {
              const chosen = e.currentTarget.value;
              order({ action: "speed", speed: chosen === "null" ? null : Number(chosen) });
              e.currentTarget.blur();
            }}
          >
            <option value="null">{text.unlimited}</option>
            {[...new Set([...PACES, ...(speed ? [speed] : [])])].sort((a, b) => a - b).map((s) => (
              <option key={s} value={String(s)}>{pace(s)}</option>
            ))}
          </select>
        </>
      )}
      {live.problem && <span class="problem">{live.problem}</span>}
    </div>
  );
}
