package io.syncline.source;

import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Since;
import io.syncline.source.SourceFailure.Kind;

/** Judges an answer by its status. Pure. */
final class Statuses {
    private Statuses() {
    }

    /**
     * Promise 5: only a 200 with a body is a page.
     *
     * @param since how the changes were asked for; null where everything was
     * @param said  what the system itself says about it, or null
     */
    static void requirePage(HttpAnswer answer, Position position, Paging paging, Since since, Asked asked, String said) {
        boolean kept = switch (paging.kind()) {
            case CURSOR, NEXT_URL, LINK_HEADER -> position.at() != null;
            default -> false;
        };
        boolean lost = answer.status() == 410 || position.resumed() && (answer.status() == 400 || answer.status() == 404 || answer.status() == 422);
        if (kept && lost) {
            throw asked.failure(Kind.POSITION_LOST, "answered " + answer.status() + " to the position of an earlier answer", "Start the read over");
        }
        if (since != null && since.expired().contains(answer.status())) {
            throw asked.failure(Kind.MARK_LOST, "answered " + answer.status() + " to the moment that changes were asked since", "Read everything");
        }
        require(answer, asked, said);
    }

    /** @param said what the system itself says about it, or null */
    static void require(HttpAnswer answer, Asked asked, String said) {
        int status = answer.status();
        if (status == 200) {
            return;
        }
        String answered = answered(answer, said);
        if (status == 401 || status == 403) {
            throw asked.failure(Kind.DENIED, answered + ", we are not let in", "Check the credentials and rights of this organisation");
        }
        if (status == 404 || status == 410) {
            throw asked.failure(Kind.DENIED, answered + ", there is nothing there", "Check the path in the system's file");
        }
        if (status >= 300 && status < 400) {
            throw asked.failure(Kind.FORBIDDEN_ADDRESS, answered + ", a redirect, and redirects are not followed",
                    "Write the address it leads to into the system's file; if it leads to a login page, check the credentials");
        }
        if (Retries.isWorthAnother(status)) {
            // A run never gets here: it asks again, and gives up with the same kind. A case has only the one answer.
            throw asked.failure(Kind.UNREACHABLE, answered, "Try again later");
        }
        if (status >= 400) {
            throw asked.failure(Kind.REFUSED, answered, "Compare the request with the system's documentation");
        }
        throw asked.failure(Kind.NONSENSE, answered + " instead of 200 with the data", "Compare the request with the system's documentation");
    }

    static String answered(HttpAnswer answer, String said) {
        return "answered " + answer.status() + (said == null ? "" : " (\"" + said + "\")");
    }
}
