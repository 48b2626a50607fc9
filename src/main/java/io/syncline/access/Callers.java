package io.syncline.access;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.Optional;

/** Tells who calls by what is shown: a key, a token of the identity provider, or the session of a browser. */
public final class Callers {
    private final Keys keys;
    private final Sessions sessions;
    private final Tokens tokens;
    private final TransactionTemplate apart;

    Callers(Keys keys, Sessions sessions, Tokens tokens, PlatformTransactionManager transactions) {
        this.keys = keys;
        this.sessions = sessions;
        this.tokens = tokens;
        apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    /**
     * A key or token goes before a session: one that opens nothing is refused, whatever else is there. It is looked up as it is now, also by whoever asks
     * in the middle of a transaction that reads what was and may write nothing.
     *
     * @throws NotAdmitted when nothing of it opens
     * @throws ProviderUnreachable when that cannot be told
     */
    public Caller caller(Shown shown) {
        return apart.execute(status -> now(shown));
    }

    private Caller now(Shown shown) {
        if (shown.credential() != null) {
            return byCredential(shown.credential());
        }
        if (shown.session() != null) {
            return sessions.caller(shown.session()).orElseThrow(() -> new NotAdmitted("The session is over. Sign in again.", true));
        }
        throw new NotAdmitted("No key was sent. Send yours with the request: Authorization: Bearer sln_…", false);
    }

    /** A session for whoever shows a key or token. */
    public Sessions.Opened signIn(String credential) {
        return sessions.open(byCredential(credential));
    }

    /** A session for whoever shows a link; empty when it is none that opens. */
    public Optional<Sessions.Opened> signInByLink(String link) {
        return sessions.openByLink(link);
    }

    private Caller byCredential(String credential) {
        if (tokens.takes(credential)) {
            return tokens.caller(credential);
        }
        return keys.caller(credential).orElseThrow(() -> new NotAdmitted(
                "The key is unknown or revoked, or not complete. Send the whole key as it was shown: Authorization: Bearer sln_…", true));
    }

    /**
     * @param credential a key or token; null when none was sent
     * @param session    what the session's cookie holds; null when there is none
     */
    public record Shown(String credential, String session) {
        /** Promise 28. */
        @Override
        public String toString() {
            return "shown: " + (credential != null ? "a key or token" : session != null ? "a session" : "nothing");
        }
    }
}
