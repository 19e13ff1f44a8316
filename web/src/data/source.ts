/** Where the data comes from: the server, or what an exported page carries in itself. */

import { text } from "../text";
import { unpack, type Columns } from "./columns";

export interface Source {
  /** Whether a server can be asked for what was not loaded (cards, reasons, pictures). */
  readonly served: boolean;
  /** Why an answer is late, in words. */
  readonly problem?: string | null;
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

const BUSY_TRIES = 8;
const LOST_WAIT_MS = 2000;

export class Served implements Source {
  readonly served = true;
  /** Why an answer is late, in words; null while all is well. */
  problem: string | null = null;
  /** Called when `problem` changes. */
  told: () => void = () => undefined;
  private back: Promise<void> | null = null;

  async json<T>(path: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.ask(`/api/v1${path}`)));
  }

  async columns(path: string): Promise<Columns> {
    return unpack(await this.ask(`/api/v1${path}`));
  }

  file(name: string): Promise<ArrayBuffer> {
    return this.ask(`/static/${name}`);
  }

  /** A server that is busy, or gone, is asked again; meanwhile `problem` says so. */
  private async ask(path: string): Promise<ArrayBuffer> {
    for (let tries = 0; ; ) {
      let answer: Response;
      let bytes: ArrayBuffer;
      try {
        answer = await fetch(path, { credentials: "same-origin" });
        bytes = await answer.arrayBuffer();
      } catch {
        await this.untilBack();
        continue;
      }
      if (answer.ok) {
        if (!this.back) this.tell(null);
        return bytes;
      }
      const again = answer.status === 429 || answer.status === 503;
      if (again && tries++ < BUSY_TRIES) {
        if (tries > 1) this.tell(text.busy);
        const wait = Number(answer.headers.get("Retry-After") ?? 1);
        await pause(1000 * Math.min(wait || 1, 2));
        continue;
      }
      if (!this.back) this.tell(null);
      throw new Refused(answer.status, detailOf(bytes) ?? `${path} was answered with ${answer.status}`);
    }
  }

  /** All that wait for a server that is gone wait for the same look whether it is back. */
  private untilBack(): Promise<void> {
    this.back ??= (async () => {
      this.tell(text.noAnswer);
      for (let answers = false; !answers; ) {
        await pause(LOST_WAIT_MS);
        answers = await fetch("/api/v1/run", { cache: "no-store" }).then(() => true, () => false);
      }
      this.back = null;
      this.tell(null);
    })();
    return this.back;
  }

  private tell(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.told();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function detailOf(bytes: ArrayBuffer): string | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)).detail;
  } catch {
    return undefined;
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
