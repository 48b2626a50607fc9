package io.syncline.issues;

import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 30: what a source does wrong is said in a sentence, in the log as in the report; a stack says nothing about it. */
@ExtendWith(OutputCaptureExtension.class)
class ToldWithoutStackTest {
    private static final String SMILE = "\uD83D\uDE00";

    @Test
    void aFailureOfTheSourceIsLoggedAsASentence(CapturedOutput output) {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.port(0).size(24));
             RunningSyncline syncline = RunningSyncline.with(sandbox)) {
            sandbox.fault("/categories -> status 400\n/services -> status 400\n/materials -> status 400\n/equipment -> status 400");
            assertThat(syncline.full("pricebook").path("state").asText()).isEqualTo("failed");
            assertThat(syncline.run(new RunRequest("pricebook", "default", Mode.SINGLE, false, null, "materials", SMILE, "test", "test")).toString())
                    .contains("for \\\"" + SMILE + "\\\": answered 400");
            assertThat(output.getAll()).contains("materials could not be read: servicetitan: ").doesNotContain("\tat ", "Exception");
        }
    }
}
