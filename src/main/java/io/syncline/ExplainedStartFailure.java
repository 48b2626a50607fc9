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
        return Explained.in(failure).map(explained -> new FailureAnalysis("Syncline did not start. " + explained.getMessage(), null, (Throwable) explained))
                .orElse(null);
    }
}
