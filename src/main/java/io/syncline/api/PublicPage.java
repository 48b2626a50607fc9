package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Role;

/** What stands at an address of its own beside the contract, for machines that watch this one: {@code /livez} and the like. Every such bean is served. */
interface PublicPage {
    /** Such as {@code /livez}; one segment. */
    String path();

    /** The least that may see it. */
    Role role();

    /** @param caller {@link Caller#NOBODY} where anyone may see it */
    Answer answer(Caller caller);
}
