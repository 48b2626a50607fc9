package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Role;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What stands at an address of its own beside the contract, for machines that watch this one: {@code /livez} and the like. Every bean that is one is served.
 * One that is open to anyone does not count as asking too often: it is cheap, and whoever watches must not be told that it watches too much.
 */
interface PublicPage {
    /** Such as {@code /livez}; one segment. */
    String path();

    /** The least that may see it. */
    Role role();

    /** Whether this request needs to show nothing. */
    default boolean opensTo(HttpServletRequest request) {
        return role() == Role.ANYONE;
    }

    /** Open to anyone, but a key that is shown is looked at, because whoever has one sees more. */
    default boolean showsMoreToCallers() {
        return false;
    }

    /** @param caller {@link Caller#NOBODY} where nothing was shown */
    Answer answer(Caller caller);
}
