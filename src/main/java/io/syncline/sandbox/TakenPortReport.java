package io.syncline.sandbox;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What is printed in place of a stack trace when the product does not start because the sandbox has no port. */
class TakenPortReport extends AbstractFailureAnalyzer<TakenPort> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, TakenPort taken) {
        return new FailureAnalysis("Syncline did not start. The sandbox cannot listen: " + taken.getMessage() + ".",
                "Stop what listens there, perhaps another Syncline with the profile demo, or start with --syncline.sandbox.port=0.", taken);
    }
}
