package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Caller.Kind;
import io.syncline.access.Callers;
import io.syncline.access.NotAdmitted;
import io.syncline.access.Rates;
import io.syncline.access.Role;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** Decides who a request comes from, and whether that caller may do what it asks for, now. */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final String BEARER = "bearer ";
    private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD");

    /** A request attribute: who sent it, also where that one is refused afterwards. */
    private static final String KNOWN = Admission.class.getName();

    private final Callers callers;
    private final Rates rates;

    Admission(Callers callers, Rates rates) {
        this.callers = callers;
        this.rates = rates;
    }

    /**
     * @param required the least role
     * @throws Refused when a page of another site asks (403), nobody can be told by what is shown (401), the role does not suffice (403), or the caller has
     *                 asked too often (429)
     */
    Caller admitted(HttpServletRequest request, HttpServletResponse response, Role required) {
        if (isForeign(request)) {
            throw foreign();
        }
        Caller caller = required == Role.ANYONE ? unknown(request, response) : known(request, response);
        if (!caller.role().may(required)) {
            throw new Refused(HttpStatus.FORBIDDEN, "forbidden", "This takes the role " + required.word() + "; \"" + caller.name() + "\" has the role "
                    + caller.role().word() + ". Ask an admin for a key that may do it.");
        }
        return caller;
    }

    /** Who has been found to send a request so far. */
    static Caller known(HttpServletRequest request) {
        return request.getAttribute(KNOWN) instanceof Caller caller ? caller : Caller.NOBODY;
    }

    /** Who visits a page that is open to anyone. While the database is away nobody can be told from anybody. */
    Caller visitor(HttpServletRequest request, HttpServletResponse response) {
        if (isForeign(request) || credential(request) == null && SessionCookie.read(request) == null) {
            return Caller.NOBODY;
        }
        try {
            return known(request, response);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("Nobody can be known while the database is away", e);
            return Caller.NOBODY;
        }
    }

    /** Whether whoever was admitted would be again: what was shown is still good, for the same organisation, and for as much. */
    boolean isStillAdmitted(HttpServletRequest request, Caller admitted, Role required) {
        try {
            Caller caller = callers.caller(new Callers.Shown(credential(request), SessionCookie.read(request)));
            return caller.organisation().equals(admitted.organisation()) && caller.role().may(required);
        } catch (NotAdmitted nobody) {
            LOG.debug("{} is not admitted any more", admitted.name(), nobody);
            return false;
        }
    }

    private Caller unknown(HttpServletRequest request, HttpServletResponse response) {
        await(rates.take(request.getRemoteAddr()), response);
        return Caller.NOBODY;
    }

    private Caller known(HttpServletRequest request, HttpServletResponse response) {
        try {
            Caller caller = callers.caller(new Callers.Shown(credential(request), SessionCookie.read(request)));
            request.setAttribute(KNOWN, caller);
            // What a browser sends by itself changes something only where the browser says that our own page asked.
            if (caller.proof().kind() == Kind.SESSION && !CHANGE_NOTHING.contains(request.getMethod()) && !isOwn(request)) {
                throw foreign();
            }
            await(rates.take(caller), response);
            return caller;
        } catch (NotAdmitted nobody) {
            await(rates.take(request.getRemoteAddr()), response);
            throw unauthenticated(response, nobody);
        }
    }

    static Refused unauthenticated(HttpServletResponse response, NotAdmitted nobody) {
        response.setHeader("WWW-Authenticate", "Bearer realm=\"syncline\"" + (nobody.shown() ? ", error=\"invalid_token\"" : ""));
        return new Refused(HttpStatus.UNAUTHORIZED, "unauthenticated", nobody.getMessage());
    }

    private static void await(Duration wait, HttpServletResponse response) {
        if (!wait.isZero()) {
            long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
            response.setHeader("Retry-After", Long.toString(seconds));
            throw new Refused(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests", "You ask more often than is allowed here. Ask again in " + seconds
                    + (seconds == 1 ? " second." : " seconds."));
        }
    }

    /** Null when neither a key nor a token was sent. */
    private static String credential(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null) {
            return authorization.toLowerCase(Locale.ROOT).startsWith(BEARER) ? authorization.substring(BEARER.length()).strip() : "";
        }
        String key = request.getHeader("X-Api-Key");
        return key == null ? null : key.strip();
    }

    /** Whether a browser says that the request comes from a page that is not ours. */
    private static boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return "cross-site".equals(site) || "same-site".equals(site) || request.getHeader("Origin") != null && !isOurs(request);
    }

    /** Whether a browser says that the request comes from a page of ours. */
    private static boolean isOwn(HttpServletRequest request) {
        return "same-origin".equals(request.getHeader("Sec-Fetch-Site")) || isOurs(request);
    }

    private static boolean isOurs(HttpServletRequest request) {
        try {
            String origin = request.getHeader("Origin");
            return origin != null && String.valueOf(URI.create(origin).getRawAuthority()).equalsIgnoreCase(request.getHeader("Host"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Refused foreign() {
        return new Refused(HttpStatus.FORBIDDEN, "cross-origin",
                "A page of another site sent this request, or its browser does not say which page did. Call from your own program, with your key.");
    }
}
