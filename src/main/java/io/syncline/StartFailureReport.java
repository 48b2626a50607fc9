package io.syncline;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Says on the console why the product did not start, line by line as it was written; in the log it would be one long line. */
class StartFailureReport implements FailureAnalysisReporter {
    @Override
    public void report(FailureAnalysis analysis) {
        System.err.println();
        System.err.println(analysis.getDescription());
        if (analysis.getAction() != null) {
            System.err.println();
            System.err.println(analysis.getAction());
        }
    }
}
