/** Why: from what happened back to the order, the serial and the claim. */

import type { App } from "../app";
import { iso, written } from "../clock";
import type { Kind } from "../state";
import { text } from "../text";
import { Facts, Pick, plain, useAsked } from "./parts";

export interface Step {
  step: number;
  what: string;
  id: string;
  t: number | null;
  kind: string;
  text: string;
  data: Record<string, unknown>;
}

/** Steps that have a card of their own. */
const LINKED: Record<string, Kind> = { serials: "serial", claims: "claim" };

/** Why: from what happened back to the order, the serial and the claim. */
export function Chain({ app, chain }: { app: App; chain: Step[] }) {
  const h = app.model.run.utc_offset_h;
  if (!chain.length) return null;
  return (
    <section>
      <h3>{text.why}</h3>
      <ol class="chain">
        {chain.map((s) => (
          <li key={s.step}>
            {s.t !== null && s.what !== "claims" && <span class="quiet">{written(s.t, h, true)} </span>}
            {LINKED[s.what] ? <Pick store={app.store} to={{ kind: LINKED[s.what], id: s.id }}>{s.text}</Pick> : s.text}
            {Object.keys(s.data ?? {}).length > 0 && !LINKED[s.what] && (
              <details>
                <summary>{plain(s.kind)}</summary>
                <Facts rows={Object.entries(s.data).map(([k, v]) => [plain(k), typeof v === "object" ? JSON.stringify(v) : String(v)])} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function EventCard({ app, id }: { app: App; id: string }) {
  const { value, problem } = useAsked<{ chain: Step[] }>(() => app.model.source.json(`/events/${id}/why`), id);
  const h = app.model.run.utc_offset_h;
  const event = app.model.events.find((e) => String(e.event) === id);
  return (
    <>
      <p class="over">{plain(event?.kind ?? text.events)}</p>
      <h2>{event?.text ?? value?.chain[0]?.text ?? ""}</h2>
      {event && (
        <Facts
          rows={[
            [text.time, <button type="button" class="pick" title={iso(event.t)} onClick={() => app.seek(event.t)}>{written(event.t, h, true)}</button>],
            [text.who, event.actor !== null && <Pick store={app.store} to={{ kind: "entity", id: String(event.actor) }}>no. {event.actor}</Pick>],
            [text.whom, event.target !== null && <Pick store={app.store} to={{ kind: "entity", id: String(event.target) }}>no. {event.target}</Pick>],
            [text.place, event.place && <Pick store={app.store} to={{ kind: "place", id: event.place }}>{app.model.placeById.get(event.place)?.name}</Pick>],
            [text.serials, event.serial && <Pick store={app.store} to={{ kind: "serial", id: event.serial }}>{app.model.serialById.get(event.serial)?.name}</Pick>],
          ]}
        />
      )}
      {problem && <p class="problem">{problem}</p>}
      {value && <Chain app={app} chain={value.chain} />}
    </>
  );
}
