/** What a unit has in store, and what an entity senses and shoots with. */

import type { App } from "../app";
import { written } from "../clock";
import { distanceText } from "../map/overlays";
import { text } from "../text";
import { amount, plain } from "./parts";

interface Account {
  item: string;
  holding: string;
  t: number;
  measure: string;
  on_hand: number;
  consumed: number;
}
export interface Accounts {
  unit: number;
  accounts: Account[];
}

export function Supply({ app, supply }: { app: App; supply: Accounts | null | undefined }) {
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
export function Carries({ app, row }: { app: App; row: number }) {
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
