package io.syncline.routes;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Notes which test classes have run to their end; every one of them has it, because Jupiter finds it by itself. */
public final class RanNote implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        CoverageNotes.leave(CoverageNotes.Kind.RAN, context.getRequiredTestClass().getName());
    }
}
