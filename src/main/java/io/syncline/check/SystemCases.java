package io.syncline.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.SystemCase;
import io.syncline.config.SystemConfig;
import io.syncline.source.SourceFailure;

import java.util.Locale;

/** Runs the cases of one system: what goes out, and how what comes back is understood. */
final class SystemCases {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SystemConfig system;
    private final Exchanges exchanges;

    SystemCases(SystemConfig system, Exchanges exchanges) {
        this.system = system;
        this.exchanges = exchanges;
    }

    /** @throws CaseFailure when the request or what is made of the answer is not the expected one */
    void run(SystemCase given) throws CaseFailure {
        if (given.request() != null) {
            request(given);
        }
        if (given.answer() != null) {
            answer(given);
        }
    }

    private void request(SystemCase given) throws CaseFailure {
        Exchanges.Request request;
        try {
            request = exchanges.request(system, given.ask(), given.resource());
        } catch (SourceFailure e) {
            throw new CaseFailure("expected the request " + given.request() + ", but it cannot be made: " + e.getMessage());
        }
        if (!request.line().equals(given.request())) {
            throw new CaseFailure("expected the request " + given.request() + ", but it is " + request.line());
        }
        if (given.body() != null && !isSame(given.body(), request.body())) {
            throw new CaseFailure("expected the body " + given.body() + ", but it is " + request.body());
        }
    }

    private void answer(SystemCase given) throws CaseFailure {
        SystemCase.Expected expected = given.expected();
        Exchanges.Understood understood;
        try {
            understood = exchanges.understand(system, given.ask(), given.resource(), given.answer());
        } catch (SourceFailure e) {
            if (!e.kind().name().equals(expected.failure())) {
                throw new CaseFailure((expected.failure() == null ? "expected records" : "expected the failure " + word(expected.failure()))
                        + ", but it is the failure " + word(e.kind().name()) + ": " + e.getMessage());
            }
            return;
        }
        if (expected.failure() != null) {
            throw new CaseFailure("expected the failure " + word(expected.failure()) + ", but the answer is understood: " + understood.records() + " records");
        }
        if (expected.records() != null && expected.records() != understood.records()) {
            throw new CaseFailure("expected " + expected.records() + " records, but there are " + understood.records());
        }
        if (expected.last() != null && expected.last() != understood.last()) {
            throw new CaseFailure("expected " + (expected.last() ? "the last page" : "more pages") + ", but " + (understood.last() ? "it is the last" : "more are to come"));
        }
    }

    private static boolean isSame(String expected, String body) {
        try {
            return body != null && JSON.readTree(expected).equals(JSON.readTree(body));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static String word(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
