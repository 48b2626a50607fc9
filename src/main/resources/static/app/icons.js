import { html, svg } from 'lit';

const PATHS = {
  check: svg`<circle cx="12" cy="12" r="9"/><path d="m8 12.2 2.8 2.8L16 9.5"/>`,
  cross: svg`<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"/><path d="m9.2 9.2 5.6 5.6m0-5.6-5.6 5.6"/>`,
  warning: svg`<path d="M12 3.6 21.4 20H2.6z"/><path d="M12 10v4.4M12 17.2v.1"/>`,
  clock: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.2 2"/>`,
  turn: svg`<path d="M12 3a9 9 0 1 1-8.2 5.3"/>`,
  eye: svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>`,
  scales: svg`<path d="M12 4v16M7 20h10M5 7.5 12 6l7 1.5M5 7.5 2.5 14h5zM19 7.5 16.5 14h5z"/>`,
  stop: svg`<circle cx="12" cy="12" r="9"/><path d="M5.8 5.8l12.4 12.4"/>`,
  branch: svg`<path d="M6 3v12m0-6c8 0 12-1 12-6"/><circle cx="6" cy="18" r="3"/><path d="m15.5 5.5 2.5-2.5 2.5 2.5"/>`,
  dot: svg`<circle cx="12" cy="12" r="4"/>`,
  refresh: svg`<path d="M20 11a8 8 0 0 0-14.6-3.5L3 10m0-6v6h6M4 13a8 8 0 0 0 14.6 3.5L21 14m0 6v-6h-6"/>`,
  down: svg`<path d="m6 9 6 6 6-6"/>`,
  next: svg`<path d="m9 6 6 6-6 6"/>`,
  load: svg`<path d="M12 4v11m-5-4.5 5 5 5-5M5 20h14"/>`,
  sun: svg`<circle cx="12" cy="12" r="4.2"/><path d="M12 2.5v2m0 15v2m9.5-9.5h-2m-15 0h-2m16.2-6.7-1.4 1.4M6.7 17.3l-1.4 1.4m0-13.4 1.4 1.4m10.6 10.6 1.4 1.4"/>`,
  moon: svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`,
  screen: svg`<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M9 20.5h6m-3-4v4"/>`,
  person: svg`<circle cx="12" cy="8.2" r="4.2"/><path d="M4 20.5c1-4 4-6 8-6s7 2 8 6"/>`,
  out: svg`<path d="M14 4H5.5v16H14M10 12h11m-4-4 4 4-4 4"/>`,
  key: svg`<circle cx="8" cy="15.5" r="4.5"/><path d="m11.3 12.2 8.2-8.2m-3 3 2.8 2.8"/>`,
  cut: svg`<path d="M4 4l16 16M8.5 13.5a5.5 5.5 0 0 1 2.7-1.4M5.5 10a9 9 0 0 1 2.7-1.7m4-.8A9 9 0 0 1 18.5 10M12 17.5v.1"/>`,
  inbox: svg`<path d="M3 13.5 6 5h12l3 8.5V19H3z"/><path d="M3 13.5h5.5l1 2.5h5l1-2.5H21"/>`,
  table: svg`<rect x="3" y="4.5" width="18" height="15" rx="2"/><path d="M3 10h18M9.5 10v9.5"/>`,
  lock: svg`<rect x="4.5" y="10.5" width="15" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>`,
  plus: svg`<circle cx="12" cy="12" r="9"/><path d="M12 8v8m-4-4h8"/>`,
  minus: svg`<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>`,
  pencil: svg`<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="m14 6.5 3.5 3.5"/>`,
  undo: svg`<path d="M4 9h10a5.5 5.5 0 0 1 0 11H8"/><path d="M8 5 4 9l4 4"/>`,
  chain: svg`<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7"/><path d="M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/>`,
  pause: svg`<path d="M9 5v14M15 5v14"/>`,
  play: svg`<path d="M7 4.5v15l12-7.5z"/>`,
  before: svg`<path d="m15 6-6 6 6 6"/>`,
  stack: svg`<path d="m12 3.5 9 4.5-9 4.5L3 8z"/><path d="m3 12.5 9 4.5 9-4.5M3 17l9 4.5 9-4.5"/>`,
  stamp: svg`<path d="M9.5 13c0-3-2-4-2-6.5a4.5 4.5 0 0 1 9 0c0 2.5-2 3.5-2 6.5H19v4H5v-4zM5 20.5h14"/>`,
  away: svg`<path d="M14 4h6v6M20 4 10.5 13.5M17 14v6H4V7h6"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6.5"/><path d="m20.5 20.5-5.2-5.2"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
};

/** A sign; words stand beside it, so that it says nothing to who cannot see it. */
export const icon = (name) => html`<svg class="icon ${name === 'turn' ? 'turning' : ''}" viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name] ?? PATHS.dot}</svg>`;

export const mark = () => html`<svg class="mark" viewBox="0 0 32 32" fill="none" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
  <path class="mark-a" d="M6 11.5h17.5m-4.5-5 5 5-5 5"/><path class="mark-b" d="M26 20.5H8.5m4.5-5-5 5 5 5"/></svg>`;
