package io.syncline;

import io.syncline.config.Explained;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Finds the message that is meant for people in a start that failed, where there is one. */
@Order(Ordered.LOWEST_PRECEDENCE)
class ExplainedStartFailure implements FailureAnalyzer {
    @Override
    public FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Explained explained) {
                return new FailureAnalysis("Syncline did not start. " + explained.getMessage(), null, cause);
            }
        }
        return null;
    }
}
