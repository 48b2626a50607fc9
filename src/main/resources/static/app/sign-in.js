import { html, nothing } from 'lit';
import { Gone, signIn } from './api.js';
import { icon, mark } from './icons.js';
import { Plain, notice } from './parts.js';

/** The way in: a key, or a link that somebody sent. */
class SignIn extends Plain {
  static properties = { ended: {}, link: { state: true }, failure: { state: true }, busy: { state: true }, shown: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#readLink();
    addEventListener('hashchange', this.#readLink);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#readLink);
  }

  /** It opens a session once, so it does not stay in the address or the history. */
  #readLink = () => {
    const link = new URLSearchParams(location.hash.slice(1)).get('link');
    if (link) {
      this.link = link;
      history.replaceState(null, '', location.pathname + location.search);
    }
  };

  firstUpdated() {
    this.querySelector(this.link ? 'button' : 'input')?.focus();
  }

  render() {
    return html`
      <main class="door">
        <div class="card door-card">
          ${mark()}
          <h1>${this.link ? 'You have a sign-in link' : 'Sign in to Syncline'}</h1>
          ${this.link || this.ended ? nothing : html`<p class="soft">See how the syncs stand, refresh them, and settle what waits for a person.</p>`}
          ${this.ended ? notice('busy', 'clock', 'Your session has ended', html`<p>Sign in again; you come back to where you were.</p>`) : nothing}
          ${this.failure ? notice('bad', 'cross', 'That did not open', html`<p>${this.failure}</p>`) : nothing}
          ${this.link ? this.#byLink() : this.#byKey()}
        </div>
      </main>`;
  }

  #byLink() {
    return html`
      <p class="soft">It works once. Go on to open your session in this browser.</p>
      <button type="button" class="button primary" ?disabled=${this.busy} @click=${() => this.#open({ link: this.link })}>${icon(this.busy ? 'turn' : 'next')}Sign in</button>
      <button type="button" class="button quiet" @click=${() => { this.link = null; this.failure = null; }}>I have a key instead</button>`;
  }

  #byKey() {
    return html`
      <form class="door-form" @submit=${this.#submit}>
        <div class="field">
          <label for="key">Your key</label>
          <div class="secret">
            <input id="key" name="key" type=${this.shown ? 'text' : 'password'} autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="sln_…" required>
            <button type="button" class="button quiet square" aria-pressed=${this.shown ? 'true' : 'false'} @click=${() => { this.shown = !this.shown; }}>
              ${icon('eye')}<span class="hidden-text">Show the key</span></button>
          </div>
          <small>It begins with <code>sln_</code>. An admin makes keys, and links that open by themselves.</small>
        </div>
        <button class="button primary" ?disabled=${this.busy}>${icon(this.busy ? 'turn' : 'key')}Sign in</button>
      </form>`;
  }

  #submit = (event) => {
    event.preventDefault();
    const key = event.target.elements.key.value.trim();
    if (key) {
      this.#open({ key });
    }
  };

  async #open(proof) {
    this.busy = true;
    this.failure = null;
    try {
      this.dispatchEvent(new CustomEvent('signed-in', { detail: await signIn(proof) }));
    } catch (failure) {
      this.failure = failure instanceof Gone ? 'The server does not answer. Try again in a moment.' : failure.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('view-sign-in', SignIn);
