import { html, nothing } from 'lit';
import { many } from './format.js';
import { icon } from './icons.js';
import { Plain, moment, sign } from './parts.js';
import { href } from './route.js';
import { changes, changesInBrief } from './values.js';
import { modeOf, removed, version as wordOf } from './words.js';

/** The versions of a record, the newest first: when, who, what. */
class Timeline extends Plain {
  static properties = { versions: {}, stood: {}, past: { type: Boolean }, of: {} };

  render() {
    return html`<ol class="timeline">${this.versions.map((version, place) => this.#version(version, place === 0))}</ol>`;
  }

  #version(version, newest) {
    const word = wordOf(version.what);
    const here = version === this.stood;
    return html`
      <li class="tone-${word.tone} ${here ? 'is-here' : ''}" aria-current=${here ? 'true' : nothing}>
        <span class="knot" aria-hidden="true">${icon(word.icon)}</span>
        <div class="version">
          <p class="version-head">${sign({ ...word, icon: null })}<a href=${href({ view: 'record', ...this.of, ...(newest ? {} : { asOf: version.since }) })}>${moment(version.since)}<span class="hidden-text">, look at the record as it was then</span></a>
            ${here ? html`<span class="small soft">${this.past ? 'you look at this' : 'now'}</span>` : nothing}</p>
          <p class="small soft">${version.person ? html`by <b>${version.person}</b>, here` : version.run
            ? html`by <a href=${href({ view: 'run', id: version.run.run })}>${modeOf(version.run.mode)} ${version.run.run}</a>, asked for by ${version.run.requestedBy}` : 'without a run'}${
            version.snapshot ? html` · <a href=${href({ view: 'snapshot', sync: this.of.sync, number: version.snapshot })}>snapshot ${version.snapshot}</a>` : ' · not sealed yet'}</p>
          ${this.#changed(version)}
        </div>
      </li>`;
  }

  #changed(version) {
    if (version.removed) {
      return html`<p class="small gone">${icon('lock')}${removed(version.removed)}</p>`;
    }
    if (!version.changed.length) {
      return version.what === 'changed' ? html`<p class="small soft">No field changed.</p>` : nothing;
    }
    return version.what === 'created' || version.what === 'deleted'
      ? html`<details><summary>With ${many(version.changed.length, 'field')}</summary>${changes(version.changed)}</details>` : changesInBrief(version.changed);
  }
}
customElements.define('record-timeline', Timeline);
