import { html, nothing } from 'lit';
import * as api from './api.js';
import { capital, many, number } from './format.js';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, askFor, bones, moment, notice, say, sign, trouble } from './parts.js';
import { shown } from './values.js';
import { file as fileState, imported as stateOf, may } from './words.js';

const COUNTS = [['created', 'new', 'new'], ['updated', 'changed', 'changed'], ['unchanged', 'as before', 'same'], ['ended', 'no longer listed', 'deleted'], ['rejected', 'rejected', 'refused'], ['unknown', 'of no record', 'waiting']];
const LINES = { rejected: ['Rejected', 'cross', 'bad'], unknown: ['Of no record', 'warning', 'warn'], updated: ['Replaced an edit', 'pencil', 'busy'] };
const FEW = 8;

/** What fills a table from files: when, from whom, what came of it line by line; and a button to look for files now. */
class Imports extends Plain {
  static properties = { me: {}, of: {}, declared: {}, more: { state: true }, failure: { state: true } };

  #reports = new Loader(this, (signal) => (this.of ? api.imports(this.of, null, signal) : Promise.resolve(null)), (page) => (page?.items[0]?.state === 'running' ? 1_000 : 15_000));
  #which = null;
  #wasRunning = false;

  constructor() {
    super();
    this.more = [];
  }

  willUpdate() {
    const which = JSON.stringify(this.of);
    if (this.#which !== null && this.#which !== which) {
      this.more = [];
      this.#reports.restart();
    }
    this.#which = which;
    const runs = this.#reports.data?.items[0]?.state === 'running';
    if (this.#wasRunning && !runs) {
      this.dispatchEvent(new Event('changed'));
    }
    this.#wasRunning = runs;
  }

  render() {
    const { data, problem } = this.#reports;
    const [last, ...older] = [...(data?.items ?? []), ...this.more];
    const next = (this.more.length ? this.more.next : data?.next) ?? null;
    return html`
      <section class="card imports" aria-labelledby="imports-${this.of.name}">
        <header><div><h2 id="imports-${this.of.name}">Files</h2>
          <p class="small soft">${this.declared.suppliers.map(({ supplier, files }, place) => html`${place ? ', ' : ''}<b>${supplier}</b> <code>${files}</code>`)}${this.declared.next ? html`. Looked for again ${moment(this.declared.next)}.` : html`. Looked for when somebody asks.`}</p></div>
          ${may(this.me, 'operator') ? html`<div class="buttons"><sl-work .label=${'Look for files now'} .sort=${'refresh'} .look=${'primary'} .off=${last?.state === 'running'} .work=${() => this.#start(false)}></sl-work>
            <button type="button" class="button quiet" ?disabled=${last?.state === 'running'} @click=${this.#force}>Take them again…</button></div>` : html`<span class="small soft no-role">${icon('lock')}Operators can look for files</span>`}</header>
        ${this.failure ? trouble(this.failure) : nothing}
        ${!data ? problem ? trouble(problem, () => this.#reports.refresh()) : bones(3) : last ? this.#report(last) : html`<p class="small soft">No file was looked for yet.</p>`}
        ${older.length ? html`<details class="earlier"><summary>${many(older.length, 'earlier import')}${next ? ' or more' : ''}</summary>
          <ol>${older.map((each) => html`<li>${this.#report(each)}</li>`)}</ol>
          ${next ? html`<div class="more"><sl-work .label=${'Show older imports'} .sort=${'down'} .work=${() => this.#older(next)}></sl-work></div>` : nothing}</details>` : nothing}
      </section>`;
  }

  async #older(cursor) {
    try {
      const page = await api.imports(this.of, cursor);
      this.more = Object.assign([...this.more, ...page.items], { next: page.next });
    } catch (failure) {
      this.failure = failure;
    }
  }

  async #start(force) {
    this.failure = null;
    try {
      const { joined } = await api.startImport(this.of, force);
      say(joined ? 'An import is under way already; its report comes here.' : 'Files are looked for; the report comes here.');
      await this.#reports.refresh();
    } catch (failure) {
      this.failure = failure;
    }
  }

  #force = () => askFor({
    title: 'Take the files again?', text: 'Files that were taken before are taken once more, whatever they say. Rows that a file does not list end, however many they are. What people wrote by hand stays unless a file says something new of it.',
    confirm: 'Take them again', work: () => this.#start(true),
  });

  // ---- what came of it
  #report(report) {
    const taken = report.files.filter(({ state }) => state !== 'known');
    return html`<article class="import" aria-label="Import ${report.id}">
      <p class="import-head">${sign(stateOf(report.state))}<span class="small soft">${moment(report.finishedAt ?? report.requestedAt)}, ${report.trigger === 'schedule' ? 'by schedule' : html`asked for by <b>${report.requestedBy}</b>`}${report.forced ? ', taking files again' : ''}${report.takenOver ? ', gone on with after its process died' : ''}</span></p>
      ${report.message ? html`<p class="small soft what">${shown(report.message)}</p>` : nothing}
      ${report.state === 'running' ? html`<progress aria-label="Under way"></progress>` : !report.files.length ? html`<p class="small soft">No file was there.</p>`
        : !taken.length ? html`<p class="small soft">Nothing new: ${report.files.length === 1 ? 'the file that is there was' : `all ${number(report.files.length)} files that are there were`} taken before.</p>` : nothing}
      ${taken.length ? html`<ul class="files">${taken.map((each) => this.#file(each))}</ul>` : nothing}</article>`;
  }

  #file(each) {
    const counts = COUNTS.filter(([name]) => each[name]);
    return html`<li class="file">
      <p class="file-head">${sign(fileState(each.state))}<b>${each.supplier}</b> <span class="mono small">${each.file ?? 'no file'}</span>${each.lines ? html` <span class="small soft">${many(each.lines, 'line')}</span>` : nothing}</p>
      ${counts.length ? html`<ul class="counts">${counts.map(([name, text, part]) => html`<li class="part-${part}"><b>${number(each[name])}</b> <span>${text}</span></li>`)}</ul>` : nothing}
      ${each.message ? notice(each.state === 'failed' ? 'bad' : 'warn', each.state === 'failed' ? 'cross' : 'warning', each.message) : nothing}
      ${each.problems.length ? this.#problems(each) : nothing}</li>`;
  }

  /** The server keeps the first hundred of a file; which lines, and why. */
  #problems({ problems, rejected, unknown }) {
    const rows = (list) => html`<ul class="lines small">${list.map(({ line, outcome, problem }) => {
      const [text, sort, tone] = LINES[outcome] ?? [outcome, 'dot', 'calm'];
      return html`<li>${sign({ icon: sort, text: `Line ${number(line)}`, tone })}<span><span class="hidden-text">${text}: </span>${shown(`${capital(problem)}${/[.!?]$/.test(problem) ? '' : '.'}`)}</span></li>`;
    })}</ul>`;
    return html`${rows(problems.slice(0, FEW))}${problems.length > FEW ? html`<details><summary>${many(problems.length - FEW, 'more line')}</summary>${rows(problems.slice(FEW))}
      ${rejected + unknown > problems.length ? html`<p class="small soft">The report names the first ${number(problems.length)}.</p>` : nothing}</details>` : nothing}`;
  }
}
customElements.define('own-imports', Imports);
