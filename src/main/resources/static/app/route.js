/** Where one is: the view and its filters, in the address, so that it can be kept, sent and gone back to. */

export const here = () => Object.fromEntries(new URLSearchParams(location.search));

/** The address of a view; members that say nothing are left out. */
export function href(params) {
  const set = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length ? `/?${new URLSearchParams(set)}` : '/';
}

export function go(params, { replace = false } = {}) {
  const address = href(params);
  if (address !== location.pathname + location.search) {
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }
}

/** Lets links inside the dashboard change the view instead of loading the page again. */
export function followLinks(root) {
  root.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="/?"], a[href="/"]');
    if (link && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !link.target) {
      event.preventDefault();
      go(Object.fromEntries(new URLSearchParams(link.search)));
    }
  });
}
