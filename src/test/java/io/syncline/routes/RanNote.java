package io.syncline.routes;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Duration;

/**
 * Notes which test classes have run to their end; every one of them has it, because Jupiter finds it by itself. It also has all of them wait as long as a slow
 * machine needs, where they do not say how long.
 */
public final class RanNote implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        CoverageNotes.leave(CoverageNotes.Kind.RAN, context.getRequiredTestClass().getName());
    }
}
