package io.syncline.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What is printed in place of a stack trace when the product does not start because of its configuration. */
class BrokenConfigurationReport extends AbstractFailureAnalyzer<BrokenConfiguration> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, BrokenConfiguration broken) {
        return new FailureAnalysis("The configuration cannot be used:\n\n" + broken.getMessage(), "Correct what is named above and start again.", broken);
    }
}
