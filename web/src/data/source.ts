/** Where the data comes from: the server, or what an exported page carries in itself. */

import { unpack, type Columns } from "./columns";

export interface Source {
  /** Whether a server can be asked for what was not loaded (cards, reasons, pictures). */
  readonly served: boolean;
  json<T>(path: string): Promise<T>;
  columns(path: string): Promise<Columns>;
  /** A file of the page itself. */
  file(name: string): Promise<ArrayBuffer>;
}

/** What the server says when it refuses: RFC 9457. */
export class Refused extends Error {
  constructor(readonly status: number, detail: string) {
    super(detail);
  }
}

export class Served implements Source {
  readonly served = true;

  async json<T>(path: string): Promise<T> {
    return (await this.ask(`/api/v1${path}`)).json();
  }

  async columns(path: string): Promise<Columns> {
    return unpack(await (await this.ask(`/api/v1${path}`)).arrayBuffer());
  }

  async file(name: string): Promise<ArrayBuffer> {
    return (await this.ask(`/static/${name}`)).arrayBuffer();
  }

  private async ask(path: string): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(path, { credentials: "same-origin" });
      if (answer.ok) return answer;
      const again = answer.status === 429 || answer.status === 503;
      if (again && tries < 8) {
        const wait = Number(answer.headers.get("Retry-After") ?? 1);
        await new Promise((done) => setTimeout(done, 1000 * Math.min(wait || 1, 2)));
        continue;
      }
      const problem = await answer.json().catch(() => ({}));
      throw new Refused(answer.status, problem.detail ?? `${path} was answered with ${answer.status}`);
    }
  }
}

/** An exported page: each answer is an element `<script type="application/gzip" data-path>`. */
export class Carried implements Source {
  readonly served = false;
  private readonly elements = new Map<string, Element>();

  constructor(document: Document) {
    for (const element of document.querySelectorAll("script[data-path]")) {
      this.elements.set(element.getAttribute("data-path")!, element);
    }
  }

  has(path: string): boolean {
    return this.elements.has(path);
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(path)));
  }

  async columns(path: string): Promise<Columns> {
    return unpack(await this.bytes(path));
  }

  file(name: string): Promise<ArrayBuffer> {
    return this.bytes(`/static/${name}`);
  }

  private async bytes(path: string): Promise<ArrayBuffer> {
    const element = this.elements.get(path);
    if (!element) throw new Refused(404, `this file was exported without ${path}`);
    const packed = Uint8Array.from(atob(element.textContent!.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }
}
