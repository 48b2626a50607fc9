/** What somebody has typed and not sent yet, kept in this tab: a page that is left, loaded anew or signed out of by time gives it back to the same person. */

const BEGINS = 'syncline.draft';
const nameOf = (me, sync, entity) => `${BEGINS} ${JSON.stringify([me.organisation, me.name, sync, entity])}`;

/** A browser that keeps nothing loses nothing that it was asked to keep for good. */
function tried(work, otherwise) {
  try {
    return work();
  } catch (failure) {
    console.info('what is typed cannot be kept', failure.message);
    return otherwise;
  }
}

export const drafts = {
  /** [[field, text]] */
  read: (me, sync, entity) => tried(() => JSON.parse(sessionStorage.getItem(nameOf(me, sync, entity)) ?? '[]'), []),
  keep: (me, sync, entity, texts) => tried(() => sessionStorage.setItem(nameOf(me, sync, entity), JSON.stringify(texts))),
  drop: (me, sync, entity) => tried(() => sessionStorage.removeItem(nameOf(me, sync, entity))),
  /** Whoever signs out leaves nothing behind. */
  dropAll: () => tried(() => Object.keys(sessionStorage).filter((name) => name.startsWith(BEGINS)).forEach((name) => sessionStorage.removeItem(name))),
};
