/** A figure to its claims; a claim to its quote, its source, and who says otherwise. */

import type { App } from "../app";
import { text } from "../text";
import { Facts, Pick, plain, useAsked, type Brief } from "./parts";

interface Whole extends Omit<Brief, "source" | "conflicts"> {
  kind: string;
  rank: string;
  rank_reason: string | null;
  source: { source: string; title: string | null; publisher: string | null; date: string | null; address: string | null; note: string | null } | null;
  origin: { origin: string; name: string; kind: string } | null;
  conflicts: { conflict: string; title: string | null; explanation: string | null; chosen: string[]; claims: Brief[] }[];
}

export function ClaimCard({ app, id }: { app: App; id: string }) {
  const { value: claim, problem } = useAsked<Whole>(
    () => app.model.source.json(`/claims/${encodeURIComponent(id)}`),
    id,
  );
  if (problem) return <p class="problem">{problem}</p>;
  if (!claim) return <p class="quiet">{text.loading} …</p>;
  const { source, origin } = claim;
  return (
    <>
      <p class="over">{claim.claim} · {plain(claim.kind)}</p>
      <h2>
        {plain(claim.subject)}, {plain(claim.field)}: {String(claim.value)}
        {claim.unit ? ` ${claim.unit}` : ""}
      </h2>
      <blockquote>{claim.quote}</blockquote>
      <Facts
        rows={[
          [text.said, claim.speaker],
          [text.source, source && [source.title, source.publisher, source.date].filter(Boolean).join(", ")],
          [text.address, source?.address],
          [text.note, source?.note],
          [text.origin, origin && `${origin.name} (${plain(origin.kind)})`],
          [text.rank, `${plain(claim.rank)}${claim.rank_reason ? `: ${claim.rank_reason}` : ""}`],
        ]}
      />
      {claim.verdict && (
        <section>
          <h3>{text.verdict}</h3>
          <p><b class={claim.verdict === "does not hold" ? "problem" : ""}>{claim.verdict}</b>{claim.verdict_why && `: ${claim.verdict_why}`}</p>
        </section>
      )}
      <p class={claim.used ? "used" : "quiet"}>{claim.used ? text.usedHere : text.notUsed}</p>
      {claim.conflicts.length === 0 && <p class="quiet">{text.notContradicted}</p>}
      {claim.conflicts.map((c) => (
        <section key={c.conflict}>
          <h3>{text.contradicted}: {c.title ?? c.conflict}</h3>
          {c.explanation && <p>{c.explanation}</p>}
          <ul class="claims">
            {c.claims.map((other) => (
              <li key={other.claim}>
                <Pick store={app.store} to={{ kind: "claim", id: other.claim }} title={other.quote}>
                  <b>{other.claim}</b> {String(other.value)}
                  {other.unit ? ` ${other.unit}` : ""}
                </Pick>
                <span class="quiet"> {other.speaker}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

export interface Figure {
  id: string;
  label: string;
  value: number | null;
  unit: string;
  text: string;
  computed: string;
  tables: string[];
  claims: string[];
  assumed: string;
}

export function askFigures(app: App): Promise<{ figures: Figure[] }> {
  app.figures ??= app.model.source.json<{ figures: Figure[] }>("/figures");
  app.figures.catch(() => (app.figures = null));
  return app.figures;
}

export function FigureCard({ app, id }: { app: App; id: string }) {
  const { value, problem } = useAsked(() => askFigures(app), "figures");
  const claims = useAsked<{ claims: Brief[] }>(() => app.model.source.json("/claims"), "claims");
  if (problem) return <p class="problem">{problem}</p>;
  const figure = value?.figures.find((f) => f.id === id);
  if (value && !figure) return <p class="problem">{text.noFigure(id)}</p>;
  if (!figure) return <p class="quiet">{text.loading} …</p>;
  const known = new Map(claims.value?.claims.map((c) => [c.claim, c]));
  return (
    <>
      <p class="over">{text.figures}</p>
      <h2>{figure.label}</h2>
      <p class="value">{figure.text} <span class="quiet">{figure.unit}</span></p>
      <h3>{text.computed}</h3>
      <p>{figure.computed}</p>
      <p class="quiet">{figure.tables.join(", ")}</p>
      <h3>{text.claims}</h3>
      {figure.claims.length === 0 && <p class="quiet">{text.noClaims}</p>}
      <ul class="claims">
        {figure.claims.map((c) => (
          <li key={c}>
            <Pick store={app.store} to={{ kind: "claim", id: c }} title={known.get(c)?.quote}>
              <b>{c}</b> {known.get(c) && `${plain(known.get(c)!.field)}: ${String(known.get(c)!.value)}`}
            </Pick>
          </li>
        ))}
      </ul>
      {figure.assumed && <p class="assumed"><b>{text.assumed}:</b> {figure.assumed}</p>}
    </>
  );
}
