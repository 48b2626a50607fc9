package io.syncline.api;

import org.springframework.http.HttpStatus;

import java.util.Map;

/** A request cannot be served as it stands, through no fault of ours; it is answered, not logged as a failure. */
final class Refused extends RuntimeException {
    private final transient Problem problem;

    Refused(HttpStatus status, String code, String detail) {
        this(new Problem(status, code, detail));
    }

    Refused(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static Refused badRequest(String detail, Map<String, Object> members) {
        return new Refused(new Problem(HttpStatus.BAD_REQUEST, "invalid-request", detail, members));
    }

    Problem problem() {
        return problem;
    }
}
