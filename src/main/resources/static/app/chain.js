import { html, nothing } from 'lit';
import * as api from './api.js';
import { many } from './format.js';
import { icon } from './icons.js';
import { Loader } from './live.js';
import { Plain, moment, pill, say, trouble } from './parts.js';
import { verification as wordOf, may } from './words.js';

const KINDS = { snapshots: 'Snapshot', decisions: 'Decision', removals: 'Removal' };

/** Whether the chain of snapshots holds: what was last found, what stands outside, and the button to look again. */
class ChainState extends Plain {
  static properties = { sync: {}, me: {} };

  #chain = new Loader(this, (signal) => api.chain(this.sync, signal), (chain) => (chain?.verification?.state === 'running' ? 1_500 : 15_000));
  #of = null;

  willUpdate() {
    if (this.#of !== null && this.#of !== this.sync) {
      this.#chain.restart();
    }
    this.#of = this.sync;
  }

  render() {
    const { data: chain, problem } = this.#chain;
    if (!chain) {
      return problem ? trouble(problem, () => this.#chain.refresh()) : nothing;
    }
    if (!chain.newest) {
      return nothing;
    }
    const { verification } = chain;
    return html`
      <section class="card chain ${verification?.state === 'broken' ? 'tone-bad is-broken' : ''}" aria-labelledby="chain">
        <header><div class="chain-head"><h2 id="chain">Chain</h2>${pill(wordOf(verification?.state ?? 'never'))}</div>
          ${may(this.me, 'operator') ? html`<sl-work .label=${'Verify the chain'} .sort=${'chain'} .off=${verification?.state === 'running'} .work=${() => this.#verify()}></sl-work>`
            : html`<span class="small soft no-role">${icon('lock')}Operators can verify it</span>`}</header>
        <p>${this.#found(chain)}</p>
        ${verification?.state === 'broken' || verification?.state === 'failed' ? html`<ul class="broken">${verification.problems.map((each) => html`<li>${icon('cross')}<span>${typeof each === 'string' ? each
          : html`<b>${KINDS[each.kind] ?? each.kind} ${each.number}</b>${each.sync && each.sync !== this.sync ? ` of ${each.sync}` : ''}: ${each.problem}`}</span></li>`)}</ul>` : nothing}
        ${this.#missing(verification?.anchors)}
        <p class="small soft">${this.#outside(chain)}</p>
        ${chain.anchorTroubles.map((each) => html`<p class="small tone-warn moved">${icon('warning')}<span>An anchor has not got out to the ${each.destination} since ${moment(each.since)}: ${each.reason}</span></p>`)}
      </section>`;
  }

  #found({ verification, newest }) {
    if (!verification) {
      return html`${many(newest.number, 'snapshot')} in it. Nobody has verified it yet.`;
    }
    const by = html`asked for by ${verification.askedBy} ${moment(verification.askedAt)}`;
    switch (verification.state) {
      case 'running': return html`Every snapshot and every entry of the ledgers is being computed again, ${by}.`;
      case 'holds': return html`Every snapshot up to ${verification.newest} says what it said when it was sealed; ${by}.${newest.number > verification.newest ? html` ${many(newest.number - verification.newest, 'snapshot')} came since.` : nothing}`;
      case 'anchors-missing': return html`Every snapshot up to ${verification.newest} says what it said when it was sealed, but what was written outside to show it is not all there; ${by}.`;
      case 'broken': return html`Something that was sealed has been changed; ${by}. These do not hold:`;
      case 'interrupted': return html`The verification ended before its time, with the server; ${by}. Ask for it again.`;
      default: return html`The verification could not be made; ${by}.`;
    }
  }

  /** What stood in the file of anchors when the chain was last verified. */
  #missing(anchors) {
    if (!anchors) {
      return nothing;
    }
    const { missing, known, found, others, damaged } = anchors;
    return html`<p class="small soft">${found} of the ${many(known, 'anchor')} that were written to the ${anchors.place} stood there and were compared.${others ? html` So were ${others} more that the database does not know of.` : nothing}${damaged ? html` ${many(damaged, 'line')} there could not be read.` : nothing}</p>
      ${missing.length ? html`<p class="small tone-warn moved">${icon('warning')}<span>${many(missing.length, 'anchor')} not there any more, from ${moment(missing[0].at)} to ${moment(missing.at(-1).at)}. Where the ${anchors.place} was moved, its lines have to be put in front of the new one's; where it was not, somebody has cut it.</span></p>` : nothing}`;
  }

  #outside({ anchored, anchoring }) {
    if (!anchoring) {
      return 'No anchor is kept outside the database, so only a change in the middle would be noticed, not a whole chain made anew. Whoever runs the server can set a place for anchors.';
    }
    return anchored.length ? html`Outside the database it is anchored up to ${anchored.map((each, place) => html`${place ? ', ' : nothing}snapshot ${each.number} (${each.destination}, ${moment(each.at)})`)}. What came since is covered by the next anchor.`
      : 'No anchor of it stands outside the database yet; one is written once a day.';
  }

  async #verify() {
    try {
      const verification = await api.verifyChain(this.sync);
      this.#chain.data = { ...this.#chain.data, verification };
      this.requestUpdate();
    } catch (failure) {
      say(failure.message);
    }
    await this.#chain.refresh();
  }
}
customElements.define('chain-state', ChainState);
