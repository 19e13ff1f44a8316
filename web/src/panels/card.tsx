/** The card of whatever is selected: who, where, under which orders, on which claims. */

import { useRef } from "preact/hooks";
import type { App } from "../app";
import { written } from "../clock";
import { distanceText } from "../map/overlays";
import { text } from "../text";
import { ClaimCard, FigureCard } from "./claim";
import { Chain, EventCard, type Step } from "./why";
import { amount, Claims, Facts, number, Pick, plain, useAsked, useStore, type Brief } from "./parts";

// What `card/KIND/ID` answers; docs/view.md.
interface Named {
  unit: number;
  id: string;
  name: string;
  echelon: string;
  nation: string;
}
interface Listed<T> {
  count: number;
  first: T[];
}
interface Order {
  order: number;
  kind: string;
  unit: number;
  serial: string | null;
  place: string | null;
  t_start: number | null;
  t_end: number | null;
  outcome: string | null;
}
interface Account {
  item: string;
  holding: string;
  t: number;
  measure: string;
  on_hand: number;
  consumed: number;
}
interface Where {
  text: string;
  lat: number | null;
  lon: number | null;
  mode: string;
  status: string;
  place: string | null;
  chain: { entity: number; name: string; kind: string; type: string; slot: number }[];
  parts: [string, string, number][];
}
interface Card {
  kind: string;
  t: number;
  entity?: { entity: number; kind: string; name: string; type: string | null; role: string | null; nation: string; counted: boolean; owner_nation: string };
  unit?: Named & { assumed: string | null; home: string | null };
  type?: Record<string, unknown> | null;
  where?: Where;
  aboard?: Listed<{ entity: number; name: string }>;
  orders?: Listed<Order>;
  supply?: { unit: number; accounts: Account[] } | null;
  above?: Named[];
  below?: Listed<Named>;
  serials?: { serial: string; name: string; task: string; as: string }[] & Listed<{ serial: string; name: string; task: string }>;
  serial?: Record<string, never>;
  place?: Record<string, never> | null;
  outcomes?: { event: number; t: number; kind: string; text: string }[];
  home_of?: Listed<Named>;
  claims: Brief[];
}

export function CardPanel({ app }: { app: App }) {
  const state = useStore(app.store);
  const { selected } = state;
  if (!selected) return null;
  const { store } = app;
  return (
    <aside class="card" aria-label={text.details} data-kind={selected.kind}>
      <div class="card-bar">
        {state.before.length > 0 && (
          <button type="button" onClick={() => store.back()} title={text.back} aria-label={text.back}>
            ←
          </button>
        )}
        {app.whereIs(selected) && (
          <button type="button" onClick={() => app.goTo(selected)}>
            {text.goThere}
          </button>
        )}
        {app.chosenRow() && (
          <button type="button" aria-pressed={state.follow} onClick={() => store.set({ follow: !state.follow })}>
            {text.follow}
          </button>
        )}
        {app.chosenRow()?.kind === "entity" && app.carriedBy(app.chosenRow()!.row).length > 0 && (
          <button type="button" aria-pressed={state.ranges} onClick={() => store.set({ ranges: !state.ranges })}>
            {text.ranges}
          </button>
        )}
        <span class="gap" />
        <button type="button" onClick={() => store.select(null)} aria-label={text.close} title={text.close}>
          ✕
        </button>
      </div>
      <div class="card-body">
        {selected.kind === "claim" && <ClaimCard app={app} id={selected.id} />}
        {selected.kind === "figure" && <FigureCard app={app} id={selected.id} />}
        {selected.kind === "event" && <EventCard app={app} id={selected.id} />}
        {["entity", "unit", "place", "serial"].includes(selected.kind) && (
          <ThingCard app={app} kind={selected.kind} id={selected.id} />
        )}
      </div>
    </aside>
  );
}

function ThingCard({ app, kind, id }: { app: App; kind: string; id: string }) {
  // Asked again when the clock stands, or has gone on by enough to matter.
  const step = app.clock.playing ? Math.max(60_000, app.clock.speed * 2000) : 1000;
  const t = Math.max(app.clock.begin, Math.floor(app.clock.t / step) * step);
  const { value, problem } = useAsked<Card>(
    () => app.model.source.json(`/card/${kind}/${encodeURIComponent(id)}?t=${t}`),
    `${kind} ${id} ${t}`,
  );
  const last = useRef<Card | null>(null);
  if (value && value.kind === kind) last.current = value;
  const card = value ?? (last.current?.kind === kind ? last.current : null);
  if (problem && !card) return <p class="problem">{problem}</p>;
  if (!card) return <p class="quiet">{text.loading} …</p>;
  if (kind === "entity") return <EntityCard app={app} card={card} />;
  if (kind === "unit") return <UnitCard app={app} card={card} />;
  if (kind === "place") return <PlaceCard app={app} card={card} />;
  return <SerialCard app={app} card={card} />;
}

function position(where: Where | undefined): string {
  if (!where || where.lat === null || where.lon === null) return "";
  const part = (v: number, plus: string, minus: string) => `${Math.abs(v).toFixed(4)}° ${v < 0 ? minus : plus}`;
  return `${part(where.lat, "N", "S")} ${part(where.lon, "E", "W")}`;
}

function WhereFacts({ app, where }: { app: App; where: Where | undefined }) {
  if (!where) return null;
  const place = where.place ? app.model.placeById.get(where.place) : undefined;
  const moves = where.mode && where.mode !== "hold" ? plain(where.mode) : "";
  return (
    <Facts
      rows={[
        [text.where, <>{position(where)}{place && <> · <Pick store={app.store} to={{ kind: "place", id: place.place }}>{place.name}</Pick></>}{moves && ` · ${moves}`}</>],
        [text.status, plain(where.status)],
        [text.aboardWhat, where.chain.length > 1 && where.chain.slice(1).map((c) => (
          <Pick key={c.entity} store={app.store} to={{ kind: "entity", id: String(c.entity) }}>{c.name}</Pick>
        ))],
      ]}
    />
  );
}

function Orders({ app, orders }: { app: App; orders: Listed<Order> | undefined }) {
  if (!orders) return null;
  const h = app.model.run.utc_offset_h;
  return (
    <section>
      <h3>{text.orders}</h3>
      {orders.count === 0 && <p class="quiet">{text.noOrders}</p>}
      <ul>
        {orders.first.slice(0, 12).map((o) => {
          const serial = o.serial ? app.model.serialById.get(o.serial) : undefined;
          const unit = app.model.units[o.unit];
          return (
            <li key={o.order}>
              <b>{plain(o.kind)}</b>
              {unit && <> · <Pick store={app.store} to={{ kind: "unit", id: unit.id }}>{unit.name}</Pick></>}
              {serial && <> · <Pick store={app.store} to={{ kind: "serial", id: serial.serial }}>{serial.name}</Pick></>}
              <span class="quiet"> {o.t_start !== null && written(o.t_start, h)}{o.t_end !== null && ` – ${written(o.t_end, h)}`}</span>
            </li>
          );
        })}
      </ul>
      {orders.count > 12 && <p class="quiet">{text.andMore(number(orders.count - 12))}</p>}
    </section>
  );
}

function Supply({ app, supply }: { app: App; supply: Card["supply"] }) {
  if (!supply) return null;
  const unit = app.model.units[supply.unit];
  return (
    <section>
      <h3>{text.supply}{unit && <span class="quiet"> · {unit.name}</span>}</h3>
      <table>
        <tbody>
          {supply.accounts.map((a) => (
            <tr key={a.item + a.holding}>
              <th scope="row">{plain(a.item)}{a.holding !== "basic" && ` (${a.holding})`}</th>
              <td>{amount(a.on_hand, a.measure)}</td>
              <td class="quiet">{a.consumed > 0 && `−${amount(a.consumed, a.measure)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{supply.accounts[0] && text.accountOf(written(supply.accounts[0].t, app.model.run.utc_offset_h))}</p>
    </section>
  );
}

/** What it senses and shoots with, how far, and where the figure comes from. */
function Carries({ app, row }: { app: App; row: number }) {
  const carried = app.carriedBy(row);
  if (!carried.length) return null;
  return (
    <details>
      <summary>{text.carries}: {carried.length}</summary>
      <table>
        <tbody>
          {carried.map((c) => (
            <tr key={c.item} title={c.source ?? `${text.assumed}: ${c.assumed ?? ""}`}>
              <th scope="row">{c.count > 1 ? `${c.count} × ` : ""}{c.name}</th>
              <td>{distanceText(c.range_m!)}</td>
              <td class="quiet">{c.source ? text.published : text.assumedShort}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function EntityCard({ app, card }: { app: App; card: Card }) {
  const { entity, unit } = card;
  if (!entity || !unit) return null;
  const type = card.type as { name?: string } | null | undefined;
  return (
    <>
      <p class="over">{plain(entity.kind)}{entity.role && ` · ${entity.role}`}</p>
      <h2>{entity.name}</h2>
      <Facts
        rows={[
          [text.type, type?.name],
          [text.above, <Pick store={app.store} to={{ kind: "unit", id: unit.id }}>{unit.name}</Pick>],
          [text.nation, entity.owner_nation !== entity.nation ? text.lent(entity.nation, entity.owner_nation) : entity.nation],
        ]}
      />
      <WhereFacts app={app} where={card.where} />
      {card.aboard && card.aboard.count > 0 && (
        <details open={card.aboard.count <= 12}>
          <summary>{text.aboard}: {number(card.aboard.count)}</summary>
          <ul>
            {card.aboard.first.map((r) => (
              <li key={r.entity}>
                <Pick store={app.store} to={{ kind: "entity", id: String(r.entity) }}>{r.name.split(" / ").slice(-2).join(" / ")}</Pick>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Orders app={app} orders={card.orders} />
      <Supply app={app} supply={card.supply} />
      <Carries app={app} row={entity.entity} />
      <Claims store={app.store} claims={card.claims} assumed={unit.assumed} />
    </>
  );
}

function Units({ app, label, units, count }: { app: App; label: string; units: Named[]; count?: number }) {
  if (!units.length) return null;
  return (
    <details open={units.length <= 8}>
      <summary>{label}{count !== undefined && `: ${number(count)}`}</summary>
      <ul>
        {units.map((u) => (
          <li key={u.id}>
            <Pick store={app.store} to={{ kind: "unit", id: u.id }}>{u.name}</Pick>
            <span class="quiet"> {u.echelon}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function UnitCard({ app, card }: { app: App; card: Card }) {
  const { unit } = card;
  if (!unit) return null;
  return (
    <>
      <p class="over">{unit.echelon || text.units}</p>
      <h2>{unit.name}</h2>
      <Facts
        rows={[
          [text.nation, unit.nation],
          [text.strength, app.model.strength[unit.unit] > 0 && number(app.model.strength[unit.unit])],
          [text.above, (card.above ?? []).map((u) => <Pick key={u.id} store={app.store} to={{ kind: "unit", id: u.id }}>{u.name}</Pick>)],
        ]}
      />
      <WhereFacts app={app} where={card.where} />
      {card.where && card.where.parts.length > 0 && (
        <ul class="parts">
          {card.where.parts.map(([where, kind, n]) => (
            <li key={where + kind}>{text.counted(n, kind)} {where}</li>
          ))}
        </ul>
      )}
      <Orders app={app} orders={card.orders} />
      {card.serials && card.serials.length > 0 && (
        <section>
          <h3>{text.takesPart}</h3>
          <ul>
            {card.serials.map((s) => (
              <li key={s.serial + s.as}>
                <Pick store={app.store} to={{ kind: "serial", id: s.serial }}>{s.name}</Pick>
                <span class="quiet"> {s.as}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Units app={app} label={text.below} units={card.below?.first ?? []} count={card.below?.count} />
      <Supply app={app} supply={card.supply} />
      <Claims store={app.store} claims={card.claims} assumed={unit.assumed} />
    </>
  );
}

function PlaceCard({ app, card }: { app: App; card: Card }) {
  const place = card.place as unknown as { place: string; name: string; kind: string; lat: number; lon: number; radius_m: number | null; uncertainty_m: number | null; assumed: string | null } | null;
  if (!place) return null;
  return (
    <>
      <p class="over">{plain(place.kind)}</p>
      <h2>{place.name}</h2>
      <Facts
        rows={[
          [text.where, position({ lat: place.lat, lon: place.lon } as Where)],
          [text.radius, place.radius_m !== null && place.radius_m !== undefined && `${number(place.radius_m / 1000)} km`],
          [text.uncertain, place.uncertainty_m !== null && place.uncertainty_m !== undefined && `${number(place.uncertainty_m / 1000)} km`],
        ]}
      />
      {place.kind === "range" && <p class="assumed">{text.notional}</p>}
      {card.serials && card.serials.count > 0 && (
        <section>
          <h3>{text.serialsHere}</h3>
          <ul>
            {card.serials.first.map((s) => (
              <li key={s.serial}>
                <Pick store={app.store} to={{ kind: "serial", id: s.serial }}>{s.name}</Pick>
                <span class="quiet"> {plain(s.task)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Units app={app} label={text.home} units={card.home_of?.first ?? []} count={card.home_of?.count} />
      <Claims store={app.store} claims={card.claims} assumed={place.assumed} />
    </>
  );
}

function SerialCard({ app, card }: { app: App; card: Card }) {
  const s = card.serial as unknown as {
    serial: string; name: string; task: string; place: string | null; phase: string | null; objective: string | null;
    units: string[]; support: string[]; opfor: string[]; planned_start: number; planned_end: number;
    start: number | null; end: number | null; outcome: string | null; reason: string | null; assumed: string | null;
  }; // prettier-ignore
  const h = app.model.run.utc_offset_h;
  const span = (a: number | null, b: number | null) => a !== null && `${written(a, h)} – ${b === null ? "…" : written(b, h)}`;
  const who = (ids: string[]) =>
    ids.map((id) => {
      const unit = app.model.unitById.get(id);
      return unit && <Pick key={id} store={app.store} to={{ kind: "unit", id }}>{unit.name}</Pick>;
    });
  const place = s.place ? app.model.placeById.get(s.place) : undefined;
  const why = useAsked<{ chain: Step[] }>(() => app.model.source.json(`/serials/${encodeURIComponent(s.serial)}/why`), `why ${s.serial}`);
  return (
    <>
      <p class="over">{text.serials} · {plain(s.task)}</p>
      <h2>{s.name}</h2>
      <Facts
        rows={[
          [text.objective, s.objective],
          [text.place, place && <Pick store={app.store} to={{ kind: "place", id: place.place }}>{place.name}</Pick>],
          [text.planned, <button type="button" class="pick" onClick={() => app.seek(s.planned_start)}>{span(s.planned_start, s.planned_end)}</button>],
          [text.held, s.start !== null && <button type="button" class="pick" onClick={() => app.seek(s.start!)}>{span(s.start, s.end)}</button>],
          [text.outcome, s.outcome && `${plain(s.outcome)}${s.reason ? `: ${s.reason}` : ""}`],
          [text.trainingAudience, s.units.length > 0 && who(s.units)],
          [text.support, s.support.length > 0 && who(s.support)],
          [text.opposingForce, s.opfor.length > 0 && who(s.opfor)],
        ]}
      />
      {card.outcomes && card.outcomes.length > 0 && (
        <section>
          <h3>{text.outcomes}</h3>
          <ul>
            {card.outcomes.map((o) => (
              <li key={o.event}>
                <Pick store={app.store} to={{ kind: "event", id: String(o.event) }}>{o.text}</Pick>
                <span class="quiet"> {written(o.t, h)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {why.value && <Chain app={app} chain={why.value.chain} />}
      <Claims store={app.store} claims={card.claims} assumed={s.assumed} />
    </>
  );
}
