/** Data that stays fresh: asked for again and again, or pushed by the server. */
import { Gone, progress, run, runEvents } from './api.js';
import { isActive } from './words.js';

const PUSHED_AT_ONCE = 3;
const ASK_EVERY = 2_000;
const SILENCE = 6_000;
let pushed = 0;

/** Whether the server answers, and since when it does not. */
class Connection extends EventTarget {
  heardAt = null;
  gone = false;

  heard() {
    this.heardAt = Date.now();
    this.#set(false);
  }

  lost() {
    this.#set(true);
  }

  #set(gone) {
    if (this.gone !== gone) {
      this.gone = gone;
      this.dispatchEvent(new Event('change'));
    }
  }
}

export const connection = new Connection();

/**
 * A reactive controller that loads something, keeps the last that was heard, and asks again. Nothing is asked for while nobody looks.
 *
 * load   (signal) => promise
 * every  (data) => milliseconds until it is asked for again; 0 for not at all
 */
export class Loader {
  data = null;
  problem = null;
  gone = false;
  at = null;
  #host;
  #load;
  #every;
  #timer = null;
  #abort = null;

  constructor(host, load, every = () => 0) {
    this.#host = host;
    this.#load = load;
    this.#every = every;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('visibilitychange', this.#onSight);
    this.refresh();
  }

  hostDisconnected() {
    document.removeEventListener('visibilitychange', this.#onSight);
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  #onSight = () => {
    if (!document.hidden && (this.gone || this.#every(this.data))) {
      this.refresh();
    }
  };

  /** Forgets what is there: something else is to be shown. */
  restart() {
    this.data = null;
    this.problem = null;
    return this.refresh();
  }

  async refresh() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const abort = this.#abort = new AbortController();
    try {
      const data = await this.#load(abort.signal);
      if (abort.signal.aborted) {
        return;
      }
      connection.heard();
      Object.assign(this, { data, problem: null, gone: false, at: Date.now() });
    } catch (failure) {
      if (failure.name === 'AbortError' || abort.signal.aborted) {
        return;
      }
      this.gone = failure instanceof Gone;
      if (this.gone) {
        connection.lost();
      } else {
        connection.heard();
        this.problem = failure;
      }
    }
    const wait = this.problem?.code === 'search-took-too-long' ? 0 : this.gone || this.problem?.status === 503 || this.problem?.status === 429 ? 4_000 : this.problem ? 15_000 : this.#every(this.data);
    if (wait && this.#host.isConnected) {
      this.#timer = setTimeout(() => (document.hidden ? null : this.refresh()), wait);
    }
    this.#host.requestUpdate();
  }
}

/** Follows one run until it ends: the server pushes; where that is closed, it is asked every two seconds. */
export class RunWatch {
  #id;
  #told;
  #last = null;
  #pace = new Pace();
  #source = null;
  #timer = null;
  #closed = false;

  /** @param told is called with how far the run is, and lastly with its end */
  constructor(id, told) {
    this.#id = id;
    this.#told = told;
    if (pushed < PUSHED_AT_ONCE && 'EventSource' in window) {
      this.#listen();
    } else {
      this.#ask();
    }
  }

  #listen() {
    pushed++;
    let broken = 0;
    this.#source = new EventSource(runEvents(this.#id));
    this.#doubt();
    const heard = (event) => {
      broken = 0;
      this.#doubt();
      connection.heard();
      this.#tell(JSON.parse(event.data));
    };
    this.#source.addEventListener('progress', heard);
    this.#source.addEventListener('end', heard);
    this.#source.addEventListener('error', () => {
      // A browser asks again by itself where the connection broke, not where the server refused.
      if (this.#source && (this.#source.readyState === EventSource.CLOSED || ++broken > 1)) {
        this.#ask();
      }
    });
  }

  /** What stands in between may swallow events: after a while of silence the run is asked for, and where it has moved, silence is not trusted again. */
  #doubt() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const before = JSON.stringify([this.#last?.state, this.#last?.delivered]);
      const now = await this.#asked();
      if (this.#source && now && before === JSON.stringify([now.state, now.delivered])) {
        this.#doubt();
      } else if (!this.#closed) {
        this.#ask();
      }
    }, SILENCE);
  }

  async #ask() {
    this.#hush();
    clearTimeout(this.#timer);
    await this.#asked();
    if (!this.#closed) {
      this.#timer = setTimeout(() => this.#ask(), ASK_EVERY);
    }
  }

  /** Null where nothing was answered. */
  async #asked() {
    if (this.#closed) {
      return null;
    }
    try {
      const report = progress(await run(this.#id));
      connection.heard();
      this.#tell(report);
      return report;
    } catch (failure) {
      if (failure instanceof Gone) {
        connection.lost();
      } else if (failure.status === 401 || failure.status === 404) {
        this.close();
      }
      return null;
    }
  }

  #tell(told) {
    if (this.#closed) {
      return;
    }
    const now = progress(told);
    this.#pace.add(now.delivered);
    this.#last = now;
    if (!isActive(now)) {
      this.close();
    }
    this.#told({ ...now, rate: now.rate ?? this.#pace.perSecond });
  }

  #hush() {
    if (this.#source) {
      this.#source.close();
      this.#source = null;
      pushed--;
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#hush();
  }
}

/** How many a second, over the last ten seconds or so. */
class Pace {
  #samples = [];

  add(count, at = Date.now()) {
    const last = this.#samples.at(-1);
    if (last && count < last.count) {
      this.#samples = [];
    }
    this.#samples.push({ count, at });
    while (this.#samples.length > 2 && at - this.#samples[0].at > 10_000) {
      this.#samples.shift();
    }
  }

  /** Null as long as it cannot be told. */
  get perSecond() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    return !first || last.at - first.at < 400 ? null : ((last.count - first.count) * 1000) / (last.at - first.at);
  }
}
