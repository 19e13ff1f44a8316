/** Small parts that all panels use. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../data/source";
import type { Store } from "../state";
import type { Selected } from "../state";
import { text } from "../text";

export interface Brief {
  claim: string;
  subject: string;
  field: string;
  value: unknown;
  unit: string | null;
  quote: string;
  speaker: string | null;
  source: string;
  date: string | null;
  used: boolean;
  conflicts: string[];
}

export function useStore(store: Store) {
  const [, redraw] = useState(0);
  useEffect(() => store.listen(() => redraw((n) => n + 1)), [store]);
  return store.state;
}

/** What a promise holds once it is there; asked for anew when `key` changes. */
export function useAsked<T>(ask: () => Promise<T>, key: string): { value: T | null; problem: string | null } {
  const [found, set] = useState<{ key: string; value: T | null; problem: string | null }>({ key: "", value: null, problem: null });
  useEffect(() => {
    let wanted = true;
    ask().then(
      (value) => wanted && set({ key, value, problem: null }),
      (error: unknown) =>
        wanted && set({ key, value: null, problem: error instanceof Refused ? error.message : String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [key]);
  return found;
}

export function Pick(props: { store: Store; to: Selected; children: ComponentChildren; title?: string }) {
  return (
    <button type="button" class="pick" title={props.title} onClick={() => props.store.select(props.to)}>
      {props.children}
    </button>
  );
}

export function Facts(props: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {props.rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The claims that something rests on; where there are none, what was assumed instead. */
export function Claims(props: { store: Store; claims: Brief[]; assumed?: string | null }) {
  const { store, claims, assumed } = props;
  return (
    <section>
      <h3>{text.claims}</h3>
      {claims.length === 0 && !assumed && <p class="quiet">{text.noClaims}</p>}
      <ul class="claims">
        {claims.map((c) => (
          <li key={c.claim}>
            <Pick store={store} to={{ kind: "claim", id: c.claim }} title={c.quote}>
              <b>{c.claim}</b> {c.field}: {String(c.value)}
              {c.unit ? ` ${c.unit}` : ""}
              {c.conflicts.length > 0 && <span class="disputed" title={text.contradicted}> ⚡{c.conflicts.length}</span>}
            </Pick>
          </li>
        ))}
      </ul>
      {assumed && (
        <p class="assumed">
          <b>{text.assumed}:</b> {assumed}
        </p>
      )}
    </section>
  );
}

export function plain(word: string | null | undefined): string {
  return (word ?? "").replaceAll("_", " ");
}

export function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}

/** An amount of supply in units that people use. */
export function amount(value: number, measure: string): string {
  if (measure === "ml") return `${number(value / 1000)} l`;
  if (measure === "g") return value >= 1e6 ? `${number(value / 1e6)} t` : `${number(value / 1000)} kg`;
  return `${number(value)} ${measure}`;
}
